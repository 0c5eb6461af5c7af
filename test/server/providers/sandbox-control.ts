type Entries = readonly { amount: number }[];

/** The sandbox's control API, for drivers of every provider. */
export function controlOf(url: string) {
  async function call<T = unknown>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${url}/control/${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
  const sum = (entries: Entries) => entries.reduce((total, { amount }) => total + amount, 0);
  return {
    call,
    async books(orderId: string) {
      const books = await call<Record<'charges' | 'deposits' | 'reversals' | 'cancellations', Entries>>(
        `books?orderId=${orderId}`,
      );
      return {
        charged: sum(books.charges) + sum(books.deposits) - sum(books.reversals),
        cancelled: sum(books.cancellations),
      };
    },
  };
}
