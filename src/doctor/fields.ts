/** A diagnosis as its fields, for programs: the result line, the hub's API. */
import type { Diagnosis } from './rank.ts';
import { pageOf } from './render.ts';

export const diagnosisFields = ({ causes, next, nothingWrong }: Diagnosis): Record<string, unknown> => ({
  causes: causes.map(({ id, title, verdict, probability, because, against, assumption, fix }) => ({
    id,
    title,
    verdict,
    probability: Number(probability.toFixed(4)),
    because,
    against,
    ...(assumption ? { assumption } : {}),
    fix,
    page: pageOf(id),
  })),
  next,
  ...(nothingWrong ? { nothingWrong } : {}),
});
