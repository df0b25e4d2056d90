import type { Device, Knock, LogLine, Pin } from './devices.ts';
import type { Firmware } from './firmware.ts';
import type { Update } from './updates.ts';

/** What `GET /api/events` sends: server-sent events whose name is `kind` and whose data is the rest as JSON. A client that was
 *  away asks the lists again: events carry no promise of completeness. */
export type HubEvent =
  | { readonly kind: 'device'; readonly device: Device }
  | { readonly kind: 'device-gone'; readonly id: string }
  | { readonly kind: 'pin'; readonly device: string; readonly pin: Pin }
  | { readonly kind: 'log'; readonly device: string; readonly line: LogLine }
  | { readonly kind: 'knock'; readonly knock: Knock }
  | { readonly kind: 'knock-gone'; readonly id: string }
  | { readonly kind: 'firmware'; readonly firmware: Firmware }
  | { readonly kind: 'firmware-gone'; readonly id: string }
  | { readonly kind: 'update'; readonly update: Update };
