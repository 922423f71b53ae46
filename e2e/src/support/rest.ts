/** What came back over HTTP, whatever it was. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

/** A caller of one gateway, as curl would. */
export const restClient = (gatewayUrl: string) => {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const response = await fetch(`${gatewayUrl}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  return {
    get: <T>(path: string) => call<T>('GET', path),
    post: <T>(path: string, body: unknown) => call<T>('POST', path, body),
  };
};

export type RestClient = ReturnType<typeof restClient>;
