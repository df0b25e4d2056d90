/** updates: firmware to boards, whatever the way, through one state machine that is written down before each step.
 *  states.ts: which state may follow which.  store.ts: the steps, durable.  open.ts: orders, and what a killed hub goes on with.
 *  runner.ts, line.ts, hold.ts: the transfers.  afterwards.ts, confirm.ts: what a board proves.  fetched.ts: boards that ask. */
export { openUpdates } from './open.ts';
export { isEnd, mayFollow, type Resumption, resumption } from './states.ts';
export type { OtaSent, Patience, PullReply, Updates, UpdatesSetting, Words } from './types.ts';
