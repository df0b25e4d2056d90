/** How many immediates are queued at once. Node empties the microtask queue between two of them, and one turn of its
 *  event loop for each would cost ten times as much. */
const batch = 64;

let ready = 0;
let waiting: (() => void)[] = [];

const turn = (): void => {
  ready--;
  const resolvers = waiting;
  waiting = [];
  for (const resolve of resolvers) resolve();
};

/** Resolves when every promise that could go on has gone on: what drives a virtual clock. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (ready > 0) return;
    ready = batch;
    for (let i = 0; i < batch; i++) setImmediate(turn);
  });
}
