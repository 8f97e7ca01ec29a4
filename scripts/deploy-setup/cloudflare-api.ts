import { z } from "zod";
import { minuteMs } from "../../src/protocol/durations";
import { wordsOfRefusal } from "./refusals";

const callMsMax = minuteMs;
const pagesMax = 100;
/** The smallest of what Cloudflare's lists allow. */
const perPage = 50;

const Answer = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
  result_info: z.object({ total_pages: z.number().optional() }).nullish(),
});

export type CloudflareApi = {
  /** Parsed result; undefined where Cloudflare answers with one of the codes that say that there is no such thing. */
  get<T>(path: string, shape: z.ZodType<T>, absent?: readonly number[]): Promise<T | undefined>;
  /** All pages of a list. */
  list<T>(path: string, shape: z.ZodType<T>, absent?: readonly number[]): Promise<T[] | undefined>;
  /** A change; it counts as made where Cloudflare says with one of the codes that it is made already. */
  change(
    method: "POST" | "PUT",
    path: string,
    body: object | FormData,
    made?: readonly number[],
  ): Promise<void>;
};

/** Cloudflare's API with a token. What it refuses is thrown in words that say what to do; the token is in none of them. */
export function openCloudflareApi(baseUrl: string, token: string): CloudflareApi {
  const ask = async (method: string, path: string, body?: object | FormData) => {
    const isForm = body instanceof FormData;
    const response = await fetch(baseUrl + path, {
      method,
      signal: AbortSignal.timeout(callMsMax),
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && !isForm && { "content-type": "application/json" }),
      },
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    }).catch((error: Error) => {
      throw new Error(`Cloudflare cannot be reached: ${error.message}`);
    });
    const parsed = Answer.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return { status: response.status, ...parsed.data };
    throw new Error(
      `Cloudflare answered ${response.status} without saying why. Try again in a minute.`,
    );
  };
  type Asked = Awaited<ReturnType<typeof ask>>;
  const hasCode = ({ errors }: Asked, codes: readonly number[]) =>
    errors.some(({ code }) => codes.includes(code));

  const read = async (path: string, absent: readonly number[]) => {
    const answer = await ask("GET", path);
    if (answer.success) return answer;
    if (hasCode(answer, absent)) return undefined;
    throw new Error(wordsOfRefusal(path, answer.status, answer.errors));
  };

  return {
    get: async (path, shape, absent = []) => {
      const answer = await read(path, absent);
      return answer && shape.parse(answer.result);
    },
    list: async (path, shape, absent = []) => {
      const all: z.output<typeof shape>[] = [];
      for (let page = 1; page <= pagesMax; page++) {
        const answer = await read(`${path}?page=${page}&per_page=${perPage}`, absent);
        if (!answer) return undefined;
        all.push(...z.array(shape).parse(answer.result ?? []));
        if (page >= (answer.result_info?.total_pages ?? 1)) break;
      }
      return all;
    },
    change: async (method, path, body, made = []) => {
      const answer = await ask(method, path, body);
      if (answer.success || hasCode(answer, made)) return;
      throw new Error(wordsOfRefusal(path, answer.status, answer.errors));
    },
  };
}
