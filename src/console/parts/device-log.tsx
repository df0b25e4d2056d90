/** What a device did and said, newest first. */
import { useQuery } from '@tanstack/react-query';
import type { LogLine } from '#hub/contract/index.ts';
import { askLog } from '../data.ts';
import { exactly, type Tone } from '../words.ts';
import { ProblemNote } from './problem.tsx';
import { Card } from './small.tsx';

const kinds: Partial<Record<LogLine['kind'], { readonly words: string; readonly tone: Tone }>> = {
  online: { words: 'online', tone: 'good' },
  offline: { words: 'offline', tone: 'bad' },
  'not-answering': { words: 'not answering', tone: 'warn' },
  notify: { words: 'notifies', tone: 'busy' },
  event: { words: 'event', tone: 'busy' },
  print: { words: 'prints', tone: 'quiet' },
  update: { words: 'update', tone: 'busy' },
  info: { words: 'says', tone: 'quiet' },
  trouble: { words: 'trouble', tone: 'bad' },
};

export function DeviceLog({ id }: { readonly id: string }) {
  const { data: lines, error } = useQuery(askLog(id));
  return (
    <Card title="Log">
      {error && <ProblemNote error={error} />}
      {lines?.length === 0 && <p className="nothing">Nothing yet. What it does and says will stand here.</p>}
      {lines && lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <ol className="log" tabIndex={0} aria-label="Log, newest first">
          {lines.map(({ id: line, at, kind, text }) => (
            <li key={line}>
              <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
                {new Date(at).toLocaleTimeString()}
              </time>
              <span className="text">
                <span className={`kind ${kinds[kind]?.tone ?? ''}`}>{kinds[kind]?.words ?? kind}</span>
                {text}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
