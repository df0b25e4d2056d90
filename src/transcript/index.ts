/** transcript: the typed list of what happened in one attempt. Progress bars, JSON, the history and the doctor all read it.
 *  events.ts: what can happen. The recorder only stamps and hands on. */
export type { Attempt, AttemptEnding, AttemptEvent, Recorded } from './events.ts';
export { type Recorder, recorder } from './recorder.ts';
