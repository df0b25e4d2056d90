/** Why did my upload fail? The page of the same name, inside: what is pasted here stays in this browser. */
import { Button, Textarea } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { render } from '#doctor/index.ts';
import {
  answer,
  type Doings,
  examples,
  type Given,
  type Intake,
  showAnswer,
  showFiles,
  sketchOf,
  sortFiles,
} from '#page/inside.ts';
import type { Grammar } from '#sketch/index.ts';
import type { Fact } from '#values/facts.ts';
import { AnswerFrame } from '../parts/answer-frame.tsx';
import { copyText } from '../parts/copy.ts';
import { parser } from '../parts/grammar.ts';
import { say } from '../parts/problem.tsx';
import { Card, Head } from '../parts/small.tsx';

const empty: Intake = { sketch: [], projects: [], refused: [] };
/** Typing is answered when it pauses. */
const pauseMs = 300;

export default function Why() {
  const [output, setOutput] = useState('');
  const [sketch, setSketch] = useState('');
  const [intake, setIntake] = useState(empty);
  const [said, setSaid] = useState<readonly Fact[]>([]);
  const [unanswered, setUnanswered] = useState<ReadonlySet<string>>(new Set());
  const given = useSettled(
    useMemo(
      (): Given => ({
        output,
        sketch: [...(sketch.trim() ? [{ name: 'sketch.ino', text: sketch }] : []), ...intake.sketch],
        projects: intake.projects,
        ...(intake.image && { image: intake.image }),
        shared: [],
        said,
        unanswered,
      }),
      [output, sketch, intake, said, unanswered],
    ),
  );
  const grammar = useGrammar(sketchOf(given).length > 0);
  const isEmpty = given.output.trim() === '' && !given.image && given.sketch.length + given.projects.length === 0;
  const result = useMemo(() => (isEmpty ? undefined : answer(given, grammar)), [given, grammar, isEmpty]);
  const shown = useMemo(() => {
    if (!result) return undefined;
    const doings: Doings = {
      say: (fact) => setSaid((before) => [...before, fact]),
      pass: ({ name }) => setUnanswered((before) => new Set([...before, name])),
      copyText: async () => {
        const lines = render(result.diagnosis).map(({ text }) => text);
        say((await copyText(lines.join('\n'))) ? 'The answer is copied.' : 'This browser does not allow copying here.');
      },
    };
    return showAnswer(result, doings);
  }, [result]);
  const files = useMemo(
    () =>
      showFiles(intake, result?.image, (name) =>
        setIntake(({ image, sketch: parts, projects }) => ({
          ...(image && image.name !== name && { image }),
          sketch: parts.filter((part) => part.name !== name),
          projects: projects.filter((part) => part.name !== name),
          refused: [],
        })),
      ),
    [intake, result],
  );
  const hasFiles =
    intake.sketch.length + intake.projects.length + intake.refused.length > 0 || intake.image !== undefined;

  async function take(list: FileList | null): Promise<void> {
    const { log, ...rest } = await sortFiles([...(list ?? [])], intake);
    setIntake(rest);
    if (log) setOutput((before) => (before.trim() ? `${before}\n${log}` : log));
  }
  const clear = (): void => {
    setOutput('');
    setSketch('');
    setIntake(empty);
    setSaid([]);
    setUnanswered(new Set());
  };

  return (
    <>
      <Head
        title="Why did my upload fail?"
        sub="For uploads from an IDE or the command line. What you paste stays in this browser."
      >
        {!isEmpty && (
          <Button variant="default" onClick={clear}>
            Clear all
          </Button>
        )}
      </Head>
      <div className="two why">
        <div>
          <Card>
            <Textarea
              label="What the upload printed"
              description="All of it, with verbose output switched on. A boot log helps too."
              placeholder="[ERROR]: No response from device"
              rows={8}
              value={output}
              onChange={(event) => {
                setOutput(event.currentTarget.value);
                setSaid([]);
                setUnanswered(new Set());
              }}
              spellCheck={false}
            />
            <Textarea
              label="Your sketch"
              description="Finds more, if you have it."
              rows={4}
              value={sketch}
              onChange={(event) => setSketch(event.currentTarget.value)}
              spellCheck={false}
            />
            <label className="drop small">
              <input
                type="file"
                multiple
                className="spoken"
                onChange={({ currentTarget }) => void take(currentTarget.files).then(() => (currentTarget.value = ''))}
              />
              <span>
                <b>Add files</b> <small>sketch, .bin, platformio.ini, a saved log</small>
              </span>
            </label>
            {hasFiles && <AnswerFrame content={files} />}
          </Card>
        </div>
        <div>
          <Card>
            {result ? (
              <AnswerFrame content={shown} />
            ) : (
              <>
                <p className="nothing">The answer will stand here: what is wrong, what to do, and how WhyOTA knows.</p>
                <p className="labelled">Nothing at hand? Try an example:</p>
                <div className="actions start">
                  {examples.map((example) => (
                    <Button
                      key={example.name}
                      variant="light"
                      onClick={() => {
                        clear();
                        setOutput(example.output);
                        setSketch(example.sketch ?? '');
                      }}
                    >
                      {example.name}
                    </Button>
                  ))}
                </div>
              </>
            )}
          </Card>
        </div>
      </div>
    </>
  );
}

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function useGrammar(wanted: boolean): Grammar | undefined {
  const [grammar, setGrammar] = useState<Grammar>();
  useEffect(() => {
    if (wanted && !grammar) void parser().then(setGrammar, () => say('The sketch could not be read in this browser.'));
  }, [wanted, grammar]);
  return grammar;
}
