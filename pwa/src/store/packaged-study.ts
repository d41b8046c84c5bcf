import study from "virtual:study";
import type { Study } from "../api/study.ts";

/** The study as the build found it in diary/study.toml: for a first visit before the server has answered. */
export const packagedStudy = study as Study;
