/** What the hub asks of the ways by which devices reach it. */
import type { Duplex } from 'node:stream';
import type { OtaSent } from '../updates/index.ts';

/** `too-long`: more than the device has room for. */
export type Written = boolean | 'too-long';

/** A connection of a device, whatever carries it: each write arrives as one piece. */
export interface Line extends Duplex {
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
  /** A page in a browser has opened it; that may be any page. */
  readonly fromPage?: boolean;
}

export interface Gateways {
  /** To a device that is there, at once. False: it was not. */
  write(device: string, pin: string, values: readonly string[]): Written;
  /** Asks a device that is there for the levels of physical pins; they come as its own writes. */
  ask(device: string, pins: readonly string[]): void;
  /** True: it was told to. */
  restart(device: string): Promise<boolean>;
  redirect(device: string, host: string, port: number): boolean;
  sendOta(device: string, path: string): Promise<OtaSent>;
  /** A connection on the shared port whose first bytes are a Blynk login's. */
  accept(line: Line, first: Uint8Array): void;
  /** The device is no more, or has another token: its connection ends. */
  drop(device: string): void;
  readonly listening: readonly { readonly what: string; readonly address: string; readonly port: number }[];
  close(): Promise<void>;
}
