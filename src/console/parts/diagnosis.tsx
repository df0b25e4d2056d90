/** A diagnosis of the hub's: causes, most likely first, with evidence and what to do. What came over the network is checked. */
import { sentence } from '../words.ts';
import { type Cause, causesOf } from './causes.ts';
import { Prose } from './prose.tsx';

const verdicts = { certain: 'Certain', likely: 'Likely', possible: 'Possible' } as const;

export default function Diagnosis({ of }: { readonly of: unknown }) {
  const { causes, nothingWrong, test } = causesOf(of);
  const [first, ...others] = causes;
  if (!first)
    return (
      <p>
        {nothingWrong
          ? 'Nothing is wrong: it answers as a healthy board does.'
          : sentence(test ?? 'Nothing that was asked tells what is wrong')}
      </p>
    );
  return (
    <div className="diagnosis">
      <p className={`verdict ${first.verdict}`}>{verdicts[first.verdict]}</p>
      <h3>
        <Prose text={sentence(first.title)} />
      </h3>
      {first.assumption && <p className="fine">{sentence(first.assumption)}</p>}
      {first.fix.length > 0 && (
        <>
          <h4>What to do</h4>
          <ol className="steps">
            {first.fix.map((step) => (
              <li key={step}>
                <Prose text={sentence(step)} />
              </li>
            ))}
          </ol>
        </>
      )}
      <details>
        <summary>How WhyOTA knows</summary>
        <Evidence cause={first} />
        {others.map((cause) => (
          <section key={cause.title}>
            <h4>
              Or else, {verdicts[cause.verdict].toLowerCase()}: <Prose text={cause.title} />
            </h4>
            <Evidence cause={cause} />
          </section>
        ))}
      </details>
    </div>
  );
}

const Evidence = ({ cause }: { readonly cause: Cause }) => (
  <ul className="evidence">
    {cause.because.map((words) => (
      <li key={words} className="for">
        <span className="spoken">For it: </span>
        {sentence(words)}
      </li>
    ))}
    {cause.against.map((words) => (
      <li key={words} className="against">
        <span className="spoken">Against it: </span>
        {sentence(words)}
      </li>
    ))}
  </ul>
);
