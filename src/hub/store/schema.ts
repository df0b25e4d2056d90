/** The tables, as Kysely's types. Times are milliseconds since 1970; JSON is text; flags are 0 and 1. */
import type { Generated } from 'kysely';

export interface Tables {
  devices: DeviceRow;
  pins: PinRow;
  pin_samples: PinSampleRow;
  pin_hours: PinHourRow;
  device_log: DeviceLogRow;
  knocks: KnockRow;
  firmwares: FirmwareRow;
  updates: UpdateRow;
  update_steps: UpdateStepRow;
  owners: OwnerRow;
  sessions: SessionRow;
  api_tokens: ApiTokenRow;
  audit: AuditRow;
  settings: SettingRow;
}

export interface DeviceRow {
  id: string;
  name: string;
  /** JSON array of ways. */
  ways: string;
  address: string | null;
  port: number | null;
  mac: string | null;
  family: string | null;
  chip: string | null;
  board: string | null;
  core: string | null;
  layout: string | null;
  firmware: string | null;
  build: string | null;
  firmware_id: string | null;
  running_since: number | null;
  running_bytes: number | null;
  signal: number | null;
  last_seen: number | null;
  group_name: string | null;
  /** JSON array. */
  tags: string;
  /** SHA-256 of its Blynk token; the token itself is kept encrypted. */
  token_hash: string | null;
  token_sealed: string | null;
  password_sealed: string | null;
  created_at: number;
}

export interface PinRow {
  id: Generated<number>;
  device: string;
  /** `V5` */
  pin: string;
  name: string | null;
  control: string;
  min: number;
  max: number;
  unit: string | null;
  /** JSON array of strings. */
  value: string;
  at: number | null;
}

/** Numeric values as they came; `at` in milliseconds. */
export interface PinSampleRow {
  pin: number;
  at: number;
  value: number;
}

/** What remains of them after `keepPins` days. `at` is the hour's start. */
export interface PinHourRow {
  pin: number;
  at: number;
  mean: number;
  min: number;
  max: number;
}

export interface DeviceLogRow {
  id: Generated<number>;
  device: string;
  at: number;
  kind: string;
  text: string;
}

export interface KnockRow {
  id: string;
  way: string;
  token_hash: string | null;
  token_sealed: string | null;
  token_hint: string | null;
  address: string;
  mac: string | null;
  what: string | null;
  first_at: number;
  last_at: number;
  times: number;
}

export interface FirmwareRow {
  id: string;
  name: string;
  version: string | null;
  notes: string | null;
  bytes: number;
  md5: string;
  what: string;
  command: string;
  family: string | null;
  chip: string | null;
  core: string | null;
  build: string | null;
  added_at: number;
  added_by: string;
}

export interface UpdateRow {
  id: string;
  batch: string;
  device: string;
  firmware: string;
  way: string;
  state: string;
  force: number;
  acknowledged: number | null;
  total: number | null;
  /** The last bytes were let go: from then on only the board can say whether it stored them. */
  all_sent: Generated<number>;
  build: string | null;
  /** JSON of the problem. */
  problem: string | null;
  diagnosis: string | null;
  transcript: string | null;
  /** What the device ran before, to tell "stored" from "not stored" after a kill. */
  before: string | null;
  ordered_by: string;
  created_at: number;
  changed_at: number;
}

export interface UpdateStepRow {
  id: Generated<number>;
  update_id: string;
  at: number;
  state: string;
  note: string | null;
}

export interface OwnerRow {
  name: string;
  password: string;
  created_at: number;
}

export interface SessionRow {
  /** SHA-256 of the cookie's value. */
  id: string;
  owner: string;
  csrf: string;
  created_at: number;
  used_at: number;
}

export interface ApiTokenRow {
  id: string;
  hash: string;
  name: string;
  scope: string;
  created_at: number;
  used_at: number | null;
}

export interface AuditRow {
  id: Generated<number>;
  at: number;
  who: string;
  what: string;
  whom: string | null;
  detail: string | null;
}

export interface SettingRow {
  name: string;
  value: string;
}
