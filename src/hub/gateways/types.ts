/** What the hub asks of the ways by which devices reach it. */
import type { Socket } from 'node:net';
import type { OtaSent } from '../updates/index.ts';

export interface Gateways {
  /** To a device that is there, at once. False: it was not. */
  write(device: string, pin: string, values: readonly string[]): boolean;
  /** True: it was told to. */
  restart(device: string): Promise<boolean>;
  sendOta(device: string, path: string): Promise<OtaSent>;
  /** A connection on the shared port whose first bytes are a Blynk login's. */
  accept(socket: Socket, first: Uint8Array): void;
  /** The device is no more, or has another token: its connection ends. */
  drop(device: string): void;
  readonly listening: readonly { readonly what: string; readonly address: string; readonly port: number }[];
  close(): Promise<void>;
}
