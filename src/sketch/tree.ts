/** A sketch as a small tree: what the rules need of C++, and nothing of the grammar. */
export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Offsets in the file's text; equal to the define's for code out of a macro. */
  readonly start: number;
  readonly end: number;
}

export type Expression =
  | Call
  | { readonly kind: 'name'; readonly name: string; readonly place: Place }
  | { readonly kind: 'number'; readonly value: number; readonly place: Place }
  | { readonly kind: 'text'; readonly value: string; readonly place: Place }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression; readonly place: Place }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'assign';
      readonly operator: string;
      readonly to: string;
      readonly value: Expression;
      readonly place: Place;
    }
  | { readonly kind: 'lambda'; readonly routine: Routine; readonly place: Place }
  | { readonly kind: 'other'; readonly parts: readonly Expression[]; readonly place: Place };

export interface Call {
  readonly kind: 'call';
  /** `client` in `client.connect()`; undefined for a plain function and where it is itself an expression. */
  readonly object: string | undefined;
  readonly method: string;
  readonly args: readonly Expression[];
  /** The expression called upon, in chains such as `server.on(…).setFilter(…)`. */
  readonly upon: Expression | undefined;
  /** `new Foo(…)` and `Foo x(…)` are calls of the type's name. */
  readonly makes: boolean;
  readonly place: Place;
}

export type Statement =
  | { readonly kind: 'do'; readonly expression: Expression; readonly place: Place }
  | { readonly kind: 'block'; readonly body: readonly Statement[]; readonly place: Place }
  | Branch
  | Loop
  | {
      readonly kind: 'switch';
      readonly value: Expression;
      readonly cases: readonly { readonly default: boolean; readonly body: readonly Statement[] }[];
      readonly place: Place;
    }
  | {
      readonly kind: 'declare';
      readonly type: string;
      readonly name: string;
      readonly value: Expression | undefined;
      readonly place: Place;
    }
  | { readonly kind: 'return'; readonly value: Expression | undefined; readonly place: Place }
  | { readonly kind: 'break' | 'continue'; readonly place: Place };

export interface Branch {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly consequence: Statement;
  readonly else: Statement | undefined;
  readonly place: Place;
}

export interface Loop {
  readonly kind: 'loop';
  readonly form: 'while' | 'do' | 'for' | 'each';
  readonly first: Statement | undefined;
  /** Absent in `for (;;)`. */
  readonly condition: Expression | undefined;
  readonly update: Expression | undefined;
  readonly body: Statement;
  readonly place: Place;
}

export interface Routine {
  /** Empty for a lambda; `Class::method` for a method. */
  readonly name: string;
  readonly class: string | undefined;
  readonly parameters: readonly string[];
  readonly body: readonly Statement[];
  /** Stands in RAM: IRAM_ATTR or ICACHE_RAM_ATTR. */
  readonly inRam: boolean;
  readonly place: Place;
  /** Where `{` of the body stands, for fixes. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

export interface Variable {
  readonly name: string;
  readonly type: string;
  readonly value: Expression | undefined;
  readonly place: Place;
  /** Declared outside every function. */
  readonly global: boolean;
}

/** Each expression inside one, itself first; lambdas are not entered. */
export function* expressionsIn(expression: Expression | undefined): Generator<Expression> {
  if (!expression) return;
  yield expression;
  switch (expression.kind) {
    case 'call':
      yield* expressionsIn(expression.upon);
      for (const each of expression.args) yield* expressionsIn(each);
      return;
    case 'unary':
      return yield* expressionsIn(expression.of);
    case 'binary':
      yield* expressionsIn(expression.left);
      return yield* expressionsIn(expression.right);
    case 'assign':
      return yield* expressionsIn(expression.value);
    case 'other':
      for (const each of expression.parts) yield* expressionsIn(each);
  }
}

/** Each statement inside some, in order; functions called are not entered. */
export function* statementsIn(statements: readonly (Statement | undefined)[]): Generator<Statement> {
  for (const statement of statements) {
    if (!statement) continue;
    yield statement;
    if (statement.kind === 'block') yield* statementsIn(statement.body);
    else if (statement.kind === 'if') yield* statementsIn([statement.consequence, statement.else]);
    else if (statement.kind === 'loop') yield* statementsIn([statement.first, statement.body]);
    else if (statement.kind === 'switch') for (const { body } of statement.cases) yield* statementsIn(body);
  }
}

/** The expressions that stand directly in a statement. */
export function directExpressions(statement: Statement): readonly (Expression | undefined)[] {
  switch (statement.kind) {
    case 'do':
      return [statement.expression];
    case 'if':
      return [statement.condition];
    case 'loop':
      return [statement.condition, statement.update];
    case 'switch':
    case 'declare':
    case 'return':
      return [statement.value];
    default:
      return [];
  }
}

export function* allExpressions(statements: readonly (Statement | undefined)[]): Generator<Expression> {
  for (const statement of statementsIn(statements))
    for (const each of directExpressions(statement)) yield* expressionsIn(each);
}
