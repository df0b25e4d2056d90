/** What is asked of the hub, by name, and what is kept of it. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Device, Firmware, Knock, Pin, RouteName, Update } from '#hub/contract/index.ts';
import { type Answer, call, remember } from './api.ts';

export const askStatus = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => call('GET /api/status', { signal }),
});
export const askMe = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => remember(await call('GET /api/session', { signal })),
});
export const askDevices = queryOptions({
  queryKey: ['devices'],
  queryFn: async ({ signal }): Promise<readonly Device[]> => (await call('GET /api/devices', { signal })).items,
});
export const askKnocks = queryOptions({
  queryKey: ['knocks'],
  queryFn: async ({ signal }): Promise<readonly Knock[]> => (await call('GET /api/knocks', { signal })).items,
});
export const askFirmware = queryOptions({
  queryKey: ['firmware'],
  queryFn: async ({ signal }): Promise<readonly Firmware[]> => (await call('GET /api/firmware', { signal })).items,
});
export const askPins = (id: string) =>
  queryOptions({
    queryKey: ['pins', id],
    queryFn: async ({ signal }): Promise<readonly Pin[]> =>
      (await call('GET /api/devices/:id/pins', { params: { id }, signal })).items,
  });
export const askLog = (id: string) =>
  queryOptions({
    queryKey: ['log', id],
    queryFn: async ({ signal }) =>
      (await call('GET /api/devices/:id/log', { params: { id }, query: { limit: 200 }, signal })).items,
  });
export const askHistory = (id: string, pin: string, hours: number) =>
  queryOptions({
    queryKey: ['history', id, pin, hours],
    queryFn: ({ signal }) =>
      call('GET /api/devices/:id/pins/:pin/history', {
        params: { id, pin },
        query: { from: Date.now() - hours * 3_600_000, points: 500 },
        signal,
      }),
    staleTime: 10_000,
  });

/** Updates of one device, or those that were ordered together. */
export const askUpdates = (of: { readonly device: string } | { readonly batch: string }) =>
  queryOptions({
    queryKey: ['updates', of],
    queryFn: async ({ signal }): Promise<readonly Update[]> => {
      const found: Update[] = [];
      for (let after: string | undefined; ; ) {
        const query = { ...of, limit: 1000, ...(after !== undefined && { after }) };
        const page = await call('GET /api/updates', { query, signal });
        found.push(...page.items);
        after = page.next;
        if (after === undefined || found.length >= 10_000) return found;
      }
    },
  });
export const askUpdate = (id: string) =>
  queryOptions({
    queryKey: ['update', id],
    queryFn: ({ signal }) => call('GET /api/updates/:id', { params: { id }, signal }),
  });
export const askSettings = queryOptions({
  queryKey: ['settings'],
  queryFn: ({ signal }) => call('GET /api/settings', { signal }),
});
export const askTokens = queryOptions({
  queryKey: ['tokens'],
  queryFn: async ({ signal }) => (await call('GET /api/tokens', { signal })).items,
});
export const askAudit = queryOptions({
  queryKey: ['audit'],
  queryFn: async ({ signal }) => (await call('GET /api/audit', { query: { limit: 200 }, signal })).items,
  staleTime: 0,
});

/** A call that changes something; `then` puts what came back where it is kept. */
export function useCall<R extends RouteName>(route: R, then?: (queries: QueryClient, answer: Answer<R>) => void) {
  const queries = useQueryClient();
  return useMutation<Answer<R>, Error, Parameters<typeof call<R>>[1]>({
    mutationFn: (input) => call(route, input),
    onSuccess: (answer) => then?.(queries, answer),
  });
}

/** A list with one put in, at its place or at the end. */
export function withOne<T>(
  list: readonly T[] | undefined,
  one: T,
  key: (each: T) => unknown,
): readonly T[] | undefined {
  if (!list) return list;
  const at = list.findIndex((each) => key(each) === key(one));
  return at < 0 ? [...list, one] : list.with(at, one);
}

export const keepDevice = (queries: QueryClient, device: Device): void => {
  queries.setQueryData(askDevices.queryKey, (list) => withOne(list, device, ({ id }) => id));
};
export const keepPin = (queries: QueryClient, device: string, pin: Pin): void => {
  queries.setQueryData(askPins(device).queryKey, (list) => withOne(list, pin, (each) => each.pin));
};
export const keepFirmware = (queries: QueryClient, firmware: Firmware): void => {
  queries.setQueryData(askFirmware.queryKey, (list) => withOne(list, firmware, ({ id }) => id));
};
