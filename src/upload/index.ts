/** upload: a firmware and a board in, a running board out.
 *  plan.ts: may it work?  deliver.ts: the transfer over the ports.  endings.ts: what each bad ending means.
 *  back.ts: waiting for the board.  flash.ts: all of it.  memory.ts: what is remembered of each board. */
export { type Announcements, awaitReturn, type Return } from './back.ts';
export { type Delivery, type DeliveryEnding, type DeliveryTelling, deliver } from './deliver.ts';
export { problemOf } from './endings.ts';
export { type Flashed, type FlashJob, flash, notBack, oldBuild, returnLimit, worthAnotherTry } from './flash.ts';
export {
  type Knowledge,
  type Memory,
  memoryIn,
  plainName,
  type RememberedAttempt,
  type RememberedBoard,
} from './memory.ts';
export { type Command, knowledgeFrom, type Plan, plan } from './plan.ts';
export { planTwoSteps, type TwoSteps } from './via.ts';
