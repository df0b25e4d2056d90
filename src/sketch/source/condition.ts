/** Small arithmetic of the preprocessor: `#if` conditions and constants such as `(5 * 1000UL)`.
 *  `undefined` means: can't be told. */
export type Value = number | undefined;

const token =
  /\s*(0[xX][\da-fA-F']+|0[bB][01']+|\d[\d']*(?:\.\d*)?(?:[eE][+-]?\d+)?|[A-Za-z_]\w*|&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%!<>()?:,])/y;
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

export interface Names {
  defined(name: string): boolean;
  value(name: string): Value;
}

export function evaluate(text: string, names: Names): Value {
  const tokens = tokenize(text) ?? [];
  if (tokens.length === 0 || tokens.length > 200) return undefined;
  let at = 0;
  const take = (word: string): boolean => tokens[at] === word && ++at > 0;

  function level(n: number): Value {
    const operators = levels[n];
    if (!operators) return unary();
    let left = level(n + 1);
    while (operators.includes(tokens[at] ?? '')) left = apply(tokens[at++]!, left, level(n + 1));
    return left;
  }
  function unary(): Value {
    if (take('!')) return map(unary(), (n) => (n ? 0 : 1));
    if (take('-')) return map(unary(), (n) => -n);
    if (take('+')) return unary();
    return primary();
  }
  function primary(): Value {
    if (take('(')) {
      const inner = level(0);
      take(')');
      return inner;
    }
    const word = tokens[at++];
    if (word === undefined) return undefined;
    if (/^\d/.test(word)) return parseNumber(word);
    if (word === 'true') return 1;
    if (word === 'false') return 0;
    if (word === 'defined') {
      const bracket = take('(');
      const name = tokens[at++] ?? '';
      if (bracket) take(')');
      return names.defined(name) ? 1 : 0;
    }
    if (tokens[at] === '(') {
      skipBrackets();
      return undefined;
    }
    return names.value(word);
  }
  function skipBrackets(): void {
    let depth = 0;
    do {
      if (tokens[at] === '(') depth++;
      if (tokens[at] === ')') depth--;
      at++;
    } while (depth > 0 && at < tokens.length);
  }
  const value = level(0);
  return at >= tokens.length ? value : undefined;
}

export function parseNumber(text: string): Value {
  const plain = text.replace(/'/g, '').replace(/(?:[uUlL]+|(?<=\.\d*)[fF])$/, '');
  const value = /^0[0-7]+$/.test(plain) ? Number.parseInt(plain, 8) : Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  const plain = text.replace(/(\d)[uUlL]+\b/g, '$1').trim();
  token.lastIndex = 0;
  while (token.lastIndex < plain.length) {
    const found = token.exec(plain);
    if (!found) return undefined;
    tokens.push(found[1]!);
  }
  return tokens;
}

const map = (value: Value, change: (n: number) => number): Value => (value === undefined ? undefined : change(value));

function apply(operator: string, left: Value, right: Value): Value {
  if (operator === '||') return left || right ? 1 : left === undefined || right === undefined ? undefined : 0;
  if (operator === '&&')
    return left === 0 || right === 0 ? 0 : left === undefined || right === undefined ? undefined : 1;
  if (left === undefined || right === undefined) return undefined;
  return arithmetic(operator, left, right);
}

export function arithmetic(operator: string, a: number, b: number): Value {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(a / b) : a / b;
    case '%':
      return b === 0 ? undefined : a % b;
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    default:
      return undefined;
  }
}
