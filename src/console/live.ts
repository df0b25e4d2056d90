/** What the hub tells as it happens, put where the pages look. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Device, HubEvent, LogLine, Update } from '#hub/contract/index.ts';
import {
  askDevices,
  askFirmware,
  askKnocks,
  askLog,
  askMe,
  askUpdate,
  askUpdates,
  keepFirmware,
  keepPin,
  withOne,
} from './data.ts';

const kinds = [
  'device',
  'device-gone',
  'pin',
  'log',
  'knock',
  'knock-gone',
  'firmware',
  'firmware-gone',
  'update',
] as const;
/** Devices tell much at once; the page is drawn anew this often at most. */
const gatherMs = 60;
const mostLines = 500;
const againMs = 5000;

/** Listens as long as the page is open; false while the hub can't be heard. */
export function useLive(): boolean {
  const queries = useQueryClient();
  const [heard, setHeard] = useState(true);
  useEffect(() => {
    let source: EventSource;
    let again: ReturnType<typeof setTimeout> | undefined;
    let waiting: HubEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let missed = false;
    const put = (): void => {
      timer = undefined;
      const events = waiting;
      waiting = [];
      takeIn(queries, events);
    };
    const listen = (): void => {
      source = new EventSource('/api/events');
      source.onopen = () => {
        setHeard(true);
        if (missed) void queries.invalidateQueries();
        missed = false;
      };
      source.onerror = () => {
        missed = true;
        setHeard(false);
        // The browser tries again by itself, unless it was told no: the session may have ended.
        if (source.readyState !== EventSource.CLOSED) return;
        void queries.invalidateQueries(askMe);
        again = setTimeout(listen, againMs);
      };
      for (const kind of kinds)
        source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
          waiting.push({ kind, ...JSON.parse(data) } as HubEvent);
          timer ??= setTimeout(put, gatherMs);
        });
    };
    listen();
    return () => {
      clearTimeout(timer);
      clearTimeout(again);
      source.close();
    };
  }, [queries]);
  return heard;
}

function takeIn(queries: QueryClient, events: readonly HubEvent[]): void {
  const devices = new Map<string, Device | undefined>();
  for (const event of events) {
    switch (event.kind) {
      case 'device':
        devices.set(event.device.id, event.device);
        break;
      case 'device-gone':
        devices.set(event.id, undefined);
        break;
      case 'pin':
        keepPin(queries, event.device, event.pin);
        break;
      case 'log':
        queries.setQueryData(askLog(event.device).queryKey, (lines) => lines && withLine(lines, event.line));
        break;
      case 'knock':
        queries.setQueryData(askKnocks.queryKey, (list) => withOne(list, event.knock, ({ id }) => id));
        break;
      case 'knock-gone':
        queries.setQueryData(askKnocks.queryKey, (list) => list?.filter(({ id }) => id !== event.id));
        break;
      case 'firmware':
        keepFirmware(queries, event.firmware);
        break;
      case 'firmware-gone':
        queries.setQueryData(askFirmware.queryKey, (list) => list?.filter(({ id }) => id !== event.id));
        break;
      case 'update':
        keepUpdate(queries, event.update);
    }
  }
  if (devices.size > 0) queries.setQueryData(askDevices.queryKey, (list) => list && withDevices(list, devices));
}

function withDevices(list: readonly Device[], news: Map<string, Device | undefined>): readonly Device[] {
  const left = new Map(news);
  const changed = list.flatMap((device) => {
    if (!left.has(device.id)) return [device];
    const now = left.get(device.id);
    left.delete(device.id);
    return now ? [now] : [];
  });
  for (const device of left.values()) if (device) changed.push(device);
  return changed;
}

const withLine = (lines: readonly LogLine[], line: LogLine): LogLine[] =>
  [line, ...lines.filter(({ id }) => id !== line.id)].slice(0, mostLines);

function keepUpdate(queries: QueryClient, update: Update): void {
  for (const of of [{ device: update.device }, { batch: update.batch }])
    queries.setQueryData(askUpdates(of).queryKey, (list) => withOne(list, update, ({ id }) => id));
  const { queryKey } = askUpdate(update.id);
  const shown = queries.getQueryData(queryKey);
  queries.setQueryData(queryKey, (detail) => detail && { ...detail, ...update });
  // Steps and transcript come along when it has got further.
  if (shown && shown.state !== update.state) void queries.invalidateQueries({ queryKey });
}
