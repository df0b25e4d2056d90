import Type, { type Static } from 'typebox';

/** Milliseconds since 1970. */
export const Time = Type.Integer({ minimum: 0 });
/** Ids are made by the hub; readers must not look into them. */
export const Id = Type.String({ pattern: '^[a-z0-9]{1,64}$' });
/** What a person calls something: no control characters. */
export const Name = Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

/** Every answer from 400 on has this body. */
export const ProblemBody = Type.Object(
  { code: Type.String(), what: Type.String(), why: Type.String(), fix: Type.String() },
  { additionalProperties: true },
);
export type ProblemBody = Static<typeof ProblemBody>;

/** A page of a list; `next` is absent on the last one. */
export const Page = <T extends Type.TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });

/** What may be asked of every list. */
export const PageQuery = Type.Object({
  after: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
