import type { ApiError } from "./types.ts";

/** The server answered, and the answer is not 2xx. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: ApiError;
  readonly retryAfterS: number | null;

  constructor(status: number, body: ApiError, retryAfterS: number | null) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.retryAfterS = retryAfterS;
  }
}

/** Nobody answered, or what answered was not the diary (a hotel's log-in page). */
export class NoAnswer extends Error {}

export type Call = (method: "GET" | "POST" | "PUT" | "PATCH", path: string, body?: unknown) => Promise<unknown>;

const TIMEOUT_MS = 20_000;

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

async function readJson(response: Response): Promise<unknown> {
  if (!(response.headers.get("Content-Type") ?? "").includes("json")) {
    if (response.status === 204) return null;
    throw new NoAnswer(`status ${response.status} without JSON`);
  }
  try {
    return await response.json();
  } catch {
    throw new NoAnswer("the answer broke off");
  }
}

/** How every request is put; `language` is that of the server's sentences. */
export function requestOf(method: string, language: string, body?: unknown): RequestInit {
  return {
    method,
    credentials: "same-origin",
    cache: "no-store",
    headers: {
      Accept: "application/json",
      "Accept-Language": language,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
}

/** Speaks to the server; `language` chooses the language of its sentences. */
export function makeCall(language: () => string, doFetch: typeof fetch = (...a) => fetch(...a)): Call {
  return async (method, path, body) => {
    let response: Response;
    try {
      response = await doFetch(path, requestOf(method, language(), body));
    } catch {
      throw new NoAnswer("no network");
    }
    const json = await readJson(response);
    if (!response.ok) throw new Refusal(response.status, json as ApiError, retryAfter(response));
    return json;
  };
}
