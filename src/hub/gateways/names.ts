/** A name server for boards that still look for the old cloud: its names lead to this hub, others go their usual way. */
import { Resolver } from 'node:dns/promises';
import { type Answer, decode, encode } from 'dns-packet';
import type { Trouble, Udp } from '#machine/index.ts';

/** What the libraries have built in, by version; regions of the later cloud too. */
export const oldCloud = /^(?:[\w-]+\.)*(?:blynk-cloud\.com|cloud\.blynk\.cc|blynk\.cloud)$/i;

const lives = 60;
const longestQuestion = 512;
const mostAtOnce = 100;

export interface Names {
  readonly port: number;
  close(): void;
}

/** `address`: where the hub is to be found by boards. Resolves to the system's trouble where the port can't be had. */
export async function openNames(
  udp: Udp,
  { bind, port = 53, address }: { readonly bind: string; readonly port?: number; readonly address: string },
): Promise<Names | Trouble> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  let asking = 0;
  const socket = await udp.open(
    { bind: { address: bind, port } },
    {
      datagram(bytes, from) {
        if (bytes.length > longestQuestion || asking >= mostAtOnce) return;
        asking++;
        void answerTo(bytes)
          .then((answer) => answer && socket && 'send' in socket && socket.send(answer, from))
          .catch(() => {})
          .finally(() => {
            asking--;
          });
      },
      trouble() {},
    },
  );
  if (!('send' in socket)) return socket;

  async function answerTo(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    const asked = decode(Buffer.from(bytes));
    const question = asked.questions?.[0];
    if (asked.type !== 'query' || !question) return undefined;
    let answers: Answer[] = [];
    let flags = 0x0180;
    if (question.type === 'A') {
      const found = oldCloud.test(question.name)
        ? [address]
        : await resolver.resolve4(question.name).catch((error: NodeJS.ErrnoException) => {
            if (error.code === 'ENOTFOUND') flags |= 3;
            return [];
          });
      answers = found.map((data) => ({ type: 'A', name: question.name, ttl: lives, data }) as Answer);
    }
    return encode({ type: 'response', id: asked.id ?? 0, flags, questions: [question], answers });
  }
  return { port: socket.local.port, close: () => socket.close() };
}
