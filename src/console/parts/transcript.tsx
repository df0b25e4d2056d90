/** What was said between the hub and the board, with its times. */
import type { AttemptEvent } from '#transcript/index.ts';
import { formatBytes, formatDuration, millis } from '#values/units.ts';
import { sentence } from '../words.ts';
import { Card } from './small.tsx';

export function Transcript({ events }: { readonly events: readonly unknown[] }) {
  const lines = events.flatMap((event) => (isEvent(event) ? [{ at: event.at, text: words(event) }] : []));
  return (
    <Card title="Transcript">
      {lines.length === 0 ? (
        <p className="nothing">Nothing was said yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <ol className="log" tabIndex={0} aria-label="Transcript">
          {lines.map(({ at, text }, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a transcript only grows at its end.
            <li key={line}>
              <span className="when">{formatDuration(millis(at))}</span>
              <span className="text">{text}</span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

type Timed = AttemptEvent & { readonly at: number };

const isEvent = (value: unknown): value is Timed =>
  typeof value === 'object' && value !== null && 'kind' in value && 'at' in value && typeof value.at === 'number';

/** One event in plain words. Kinds that came after this was written show their name. */
function words(event: Timed): string {
  switch (event.kind) {
    case 'identified':
      return `The file is ${event.what}, ${formatBytes(event.bytes)}.`;
    case 'resolved':
      return `${event.name} is at ${event.address}, port ${event.port}.`;
    case 'checked':
      return sentence(event.because);
    case 'warned':
      return `Careful: ${event.problem.what}.`;
    case 'listening':
      return `The hub waits for the board’s call on port ${event.port}.`;
    case 'invited':
      return event.attempt === 1
        ? 'The hub invites the board.'
        : `The hub invites the board, attempt ${event.attempt}.`;
    case 'challenged':
      return 'The board asks for the password.';
    case 'responded':
      return 'The hub answers with it.';
    case 'authentication-refused':
      return 'The board refuses the password.';
    case 'accepted':
      return 'The board agrees.';
    case 'refused':
      return `The board refuses: ${event.text}`;
    case 'connected':
      return 'The board calls, and gets the first bytes.';
    case 'acknowledged':
      return `The board has ${formatBytes(event.bytes)} of ${formatBytes(event.total)}.`;
    case 'sent':
      return 'All bytes are on their way.';
    case 'verdict':
      return event.good ? 'The board says that all is well.' : `The board says: ${event.text}`;
    case 'silence':
      return `Nothing for ${formatDuration(event.time)}, while waiting for ${waitedFor[event.waitingFor]}.`;
    case 'closed':
      return event.by === 'board' ? 'The board ends the connection.' : 'The hub ends the connection.';
    case 'watching':
      return 'The hub waits for the board to come back.';
    case 'went-away':
      return 'The board went away to restart.';
    case 'came-back':
      return `The board is back after ${formatDuration(event.after)}.`;
    case 'port-unreachable':
      return 'Nobody listens on that port of the board.';
    case 'host-unreachable':
      return 'There is no way to the board.';
    case 'stranger':
      return `Somebody else called from ${event.address}, and was turned away.`;
    case 'garbled':
      return `The board says what can’t be understood: ${event.text}`;
    case 'ended':
      return endings[event.ending.kind];
    default:
      return (event as { readonly kind: string }).kind;
  }
}

const waitedFor = {
  answer: 'an answer',
  authentication: 'an answer to the password',
  call: 'the board’s call',
  data: 'the board to take more',
  verdict: 'the board’s verdict',
} as const;

const endings = {
  confirmed: 'It is back and runs the new firmware.',
  back: 'It is back; it does not say what it runs.',
  stored: 'It is stored.',
  'could-work': 'It could work: all went well up to the first byte.',
  'not-back': 'It has not come back.',
  failed: 'It failed.',
  refused: 'It was refused before anything was sent.',
  interrupted: 'It was interrupted.',
} as const;
