/**
 * An answer, and when it was asked for by the page's own clock (milliseconds). It contains every activity that the page
 * had received before, because the server reads the head of its log after the request was sent.
 */
export type Asked<Answer> = Answer & { readonly askedAt: number };

export async function ask<Answer>(call: () => Promise<Answer>): Promise<Asked<Answer>> {
  const askedAt = performance.now();
  return { ...(await call()), askedAt };
}
