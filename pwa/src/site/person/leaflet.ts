/** A PDF that the server prints; refused with the server's own sentence. */
import { NoAnswer, Refusal } from "../../api/client.ts";
import type { ApiError } from "../../api/types.ts";

const TIMEOUT_MS = 20_000;

export async function printPdf(path: string, body: unknown, language: string, doFetch: typeof fetch = (...a) => fetch(...a)): Promise<Blob> {
  let response: Response;
  try {
    response = await doFetch(path, {
      method: "POST", credentials: "same-origin", cache: "no-store", body: JSON.stringify(body), signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { Accept: "application/pdf, application/json", "Accept-Language": language, "Content-Type": "application/json" },
    });
  } catch {
    throw new NoAnswer("no network");
  }
  const type = response.headers.get("Content-Type") ?? "";
  if (response.ok && type.includes("pdf")) return response.blob();
  if (!response.ok && type.includes("json")) throw new Refusal(response.status, (await response.json()) as ApiError, null);
  throw new NoAnswer(`status ${response.status} without PDF`);
}
