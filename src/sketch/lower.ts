/** From the grammar's tree to ours. Broken code is read for what can be read in it. */
import type { Node } from 'web-tree-sitter';
import { parseNumber } from './source/condition.ts';
import type { Call, Expression, Place, Routine, Statement, Variable } from './tree.ts';

export interface Unit {
  readonly routines: Routine[];
  readonly variables: Variable[];
}

export interface Reading {
  place(start: number, end: number): Place;
  /** What a macro that merely renames something stands for. */
  alias(name: string): string;
  /** A RAM attribute stands between these offsets. */
  inRam(from: number, to: number): boolean;
}

/** Deeper nesting than this is not a program. */
const deepest = 150;

export function lower(root: Node, reading: Reading): Unit {
  const unit: Unit = { routines: [], variables: [] };
  let depth = 0;
  const place = (node: Node): Place => reading.place(node.startIndex, node.endIndex);
  const kids = (node: Node): Node[] =>
    node.namedChildren.filter((each): each is Node => !!each && each.type !== 'comment');
  const field = (node: Node, name: string): Node | undefined => node.childForFieldName(name) ?? undefined;

  function toplevel(node: Node, owner: string | undefined): void {
    for (const child of kids(node)) {
      if (child.type === 'function_definition') routine(child, owner);
      else if (child.type === 'declaration' || child.type === 'field_declaration') declare(child, true);
      else if (child.type === 'class_specifier' || child.type === 'struct_specifier') {
        const name = field(child, 'name')?.text;
        const body = field(child, 'body');
        if (body) toplevel(body, name ?? owner);
      } else if (child.type === 'declaration_list' || child.type === 'field_declaration_list') toplevel(child, owner);
      else if (/namespace|linkage|template_declaration|ERROR|type_definition/.test(child.type) && ++depth < deepest) {
        toplevel(child, owner);
        depth--;
      }
    }
  }

  function routine(node: Node, owner: string | undefined): void {
    const body = field(node, 'body');
    const declarator = functionDeclarator(node);
    if (body?.type !== 'compound_statement' || !declarator) return;
    const named = field(declarator, 'declarator')?.text.replace(/\s+/g, '') ?? '';
    const [scope, bare] = named.includes('::') ? [named.split('::').at(-2), named.split('::').at(-1)!] : [owner, named];
    // BLYNK_WRITE(V1) {…} and its kind: one handler for each argument, named with it.
    const isMacro = !field(node, 'type') && /^[A-Z][A-Z0-9_]+$/.test(bare);
    const name = isMacro ? `${bare}${(field(declarator, 'parameters')?.text ?? '').replace(/\s+/g, '')}` : bare;
    const previousEnd = node.previousSibling?.endIndex ?? 0;
    unit.routines.push({
      name: scope ? `${scope}::${name}` : name,
      class: scope,
      parameters: parameters(declarator),
      body: statements(body),
      inRam: reading.inRam(previousEnd, body.startIndex),
      place: reading.place(node.startIndex, declarator.endIndex),
      bodyStart: body.startIndex,
      bodyEnd: body.endIndex,
    });
  }

  function functionDeclarator(node: Node): Node | undefined {
    let at = field(node, 'declarator');
    while (at && at.type !== 'function_declarator' && at.type !== 'abstract_function_declarator')
      at = field(at, 'declarator') ?? kids(at).find((each) => each.type === 'function_declarator');
    return at;
  }

  const parameters = (declarator: Node): string[] =>
    (field(declarator, 'parameters') ? kids(field(declarator, 'parameters')!) : []).map((each) => {
      const named = field(each, 'declarator');
      return named ? bareName(named) : '';
    });

  function bareName(node: Node): string {
    let at: Node | undefined = node;
    while (at && !/^(?:field_)?identifier$/.test(at.type)) {
      at = field(at, 'declarator') ?? kids(at).find((each) => /declarator|identifier/.test(each.type));
    }
    return at?.text ?? '';
  }

  /** `int a = 1, b;`, `WiFiUDP udp;`, `IPAddress ip(192, 168, 1, 5);`, also what looks like a function: `PubSubClient c(espClient);` */
  function declare(node: Node, global: boolean): Statement[] {
    const type = field(node, 'type')?.text.replace(/\s+/g, '') ?? '';
    const made: Statement[] = [];
    for (const child of node.childrenForFieldName('declarator').filter((each): each is Node => !!each)) {
      const name = bareName(child);
      if (!name) continue;
      let value =
        field(child, 'value') ??
        (node.type === 'field_declaration' ? field(node, 'default_value') : undefined) ??
        undefined;
      if (child.type === 'identifier') value ??= field(node, 'value');
      let read: Expression | undefined;
      if (value && (value.type === 'argument_list' || (value.type === 'initializer_list' && /^[A-Z]/.test(type))))
        read = making(type, kids(value), place(child));
      else if (value) read = expression(value);
      else if (child.type === 'function_declarator') {
        const args = field(child, 'parameters');
        const looksLikeArguments =
          args && kids(args).length > 0 && kids(args).every((each) => !field(each, 'declarator'));
        if (!looksLikeArguments || !/^[A-Z]/.test(type.split('::').at(-1)!)) continue;
        read = making(
          type,
          kids(args!).map((each) => each),
          place(child),
        );
      }
      unit.variables.push({ name, type, value: read, place: place(child), global });
      made.push({ kind: 'declare', type, name, value: read, place: place(node) });
    }
    return made;
  }

  const making = (type: string, args: readonly Node[], where: Place): Call => ({
    kind: 'call',
    object: undefined,
    method: type,
    args: args.map((each) =>
      each.type === 'parameter_declaration' || each.type === 'optional_parameter_declaration'
        ? { kind: 'name', name: each.text.replace(/^&\s*/, ''), place: place(each) }
        : expression(each),
    ),
    upon: undefined,
    makes: true,
    place: where,
  });

  const statements = (node: Node): Statement[] => kids(node).flatMap(statement);

  const one = (node: Node | undefined, beside: Node): Statement => {
    const body = node ? statement(node) : [];
    return body.length === 1 ? body[0]! : { kind: 'block', body, place: place(node ?? beside) };
  };

  function statement(node: Node): Statement[] {
    if (++depth > deepest) {
      depth--;
      return [];
    }
    const read = readStatement(node);
    depth--;
    return read;
  }

  function readStatement(node: Node): Statement[] {
    const where = place(node);
    switch (node.type) {
      case 'compound_statement':
        return [{ kind: 'block', body: statements(node), place: where }];
      case 'expression_statement':
        return kids(node).map((each) => ({ kind: 'do', expression: expression(each), place: where }));
      case 'declaration':
        return declare(node, false);
      case 'if_statement': {
        const otherwise = field(node, 'alternative');
        const condition = field(node, 'condition');
        return [
          ...declaredIn(condition),
          {
            kind: 'if',
            condition: conditionOf(condition, node),
            consequence: one(field(node, 'consequence'), node),
            else: otherwise ? one(kids(otherwise)[0], otherwise) : undefined,
            place: where,
          },
        ];
      }
      case 'while_statement':
      case 'do_statement':
        return [
          {
            kind: 'loop',
            form: node.type === 'do_statement' ? 'do' : 'while',
            first: undefined,
            condition: conditionOf(field(node, 'condition'), node),
            update: undefined,
            body: one(field(node, 'body'), node),
            place: where,
          },
        ];
      case 'for_statement': {
        const first = field(node, 'initializer');
        const condition = field(node, 'condition');
        const update = field(node, 'update');
        const firstRead = first?.type === 'declaration' ? declare(first, false) : first ? [doing(first)] : [];
        return [
          {
            kind: 'loop',
            form: 'for',
            first: firstRead.length ? { kind: 'block', body: firstRead, place: place(first!) } : undefined,
            condition: condition && expression(condition),
            update: update && expression(update),
            body: one(field(node, 'body'), node),
            place: where,
          },
        ];
      }
      case 'for_range_loop': {
        const right = field(node, 'right');
        return [
          {
            kind: 'loop',
            form: 'each',
            first: undefined,
            condition: right && expression(right),
            update: undefined,
            body: one(field(node, 'body'), node),
            place: where,
          },
        ];
      }
      case 'switch_statement': {
        const body = field(node, 'body');
        return [
          {
            kind: 'switch',
            value: conditionOf(field(node, 'condition'), node),
            cases: (body ? kids(body) : [])
              .filter((each) => each.type === 'case_statement')
              .map((each) => {
                const value = field(each, 'value');
                return {
                  default: !value,
                  body: kids(each)
                    .filter((inner) => inner.startIndex !== value?.startIndex)
                    .flatMap(statement),
                };
              }),
            place: where,
          },
        ];
      }
      case 'return_statement': {
        const value = kids(node)[0];
        return [{ kind: 'return', value: value && expression(value), place: where }];
      }
      case 'break_statement':
        return [{ kind: 'break', place: where }];
      case 'continue_statement':
        return [{ kind: 'continue', place: where }];
      case 'function_definition':
        routine(node, undefined);
        return [];
      case 'labeled_statement':
      case 'try_statement':
      case 'catch_clause':
      case 'ERROR':
      case 'else_clause':
        return kids(node).flatMap(statement);
      default:
        return /expression|literal|identifier/.test(node.type) ? [doing(node)] : [];
    }
  }

  const doing = (node: Node): Statement => ({ kind: 'do', expression: expression(node), place: place(node) });

  function declaredIn(condition: Node | undefined): Statement[] {
    const value = condition && field(condition, 'value');
    return value?.type === 'declaration' ? declare(value, false) : [];
  }

  function conditionOf(node: Node | undefined, beside: Node): Expression {
    if (!node) return { kind: 'other', parts: [], place: place(beside) };
    const value =
      field(node, 'value') ?? (/condition_clause|parenthesized/.test(node.type) ? kids(node)[0] : node) ?? node;
    const inner = value.type === 'declaration' ? (field(value, 'value') ?? value) : value;
    return expression(inner);
  }

  function expression(node: Node): Expression {
    if (++depth > deepest) {
      depth--;
      return { kind: 'other', parts: [], place: place(node) };
    }
    const read = readExpression(node);
    depth--;
    return read;
  }

  function readExpression(node: Node): Expression {
    const where = place(node);
    switch (node.type) {
      case 'parenthesized_expression':
      case 'condition_clause':
        return kids(node)[0] ? expression(kids(node)[0]!) : { kind: 'other', parts: [], place: where };
      case 'call_expression':
        return call(node, where);
      case 'new_expression': {
        const args = field(node, 'arguments');
        return making(field(node, 'type')?.text ?? '', args ? kids(args) : [], where);
      }
      case 'compound_literal_expression': {
        const args = field(node, 'value');
        return making(field(node, 'type')?.text ?? '', args ? kids(args) : [], where);
      }
      case 'identifier':
      case 'field_identifier':
      case 'qualified_identifier':
        return { kind: 'name', name: reading.alias(node.text.replace(/\s+/g, '')), place: where };
      case 'this':
        return { kind: 'name', name: 'this', place: where };
      case 'field_expression':
        return { kind: 'name', name: dotted(node), place: where };
      case 'true':
        return { kind: 'number', value: 1, place: where };
      case 'false':
      case 'null':
        return { kind: 'number', value: 0, place: where };
      case 'number_literal':
        return { kind: 'number', value: parseNumber(node.text) ?? Number.NaN, place: where };
      case 'char_literal':
        return { kind: 'text', value: node.text.slice(1, -1), place: where };
      case 'string_literal':
      case 'raw_string_literal':
      case 'concatenated_string':
        return { kind: 'text', value: stringValue(node), place: where };
      case 'unary_expression':
      case 'pointer_expression':
      case 'update_expression': {
        const inner = field(node, 'argument') ?? kids(node)[0];
        const operator = field(node, 'operator')?.text ?? '';
        if (!inner) return { kind: 'other', parts: [], place: where };
        if (node.type === 'update_expression')
          return { kind: 'assign', operator, to: dotted(inner), value: expression(inner), place: where };
        const of = expression(inner);
        if (operator === '&' || operator === '*') return of;
        return { kind: 'unary', operator, of, place: where };
      }
      case 'binary_expression': {
        const [left, right] = [field(node, 'left'), field(node, 'right')];
        if (!left || !right) break;
        const operator = field(node, 'operator')?.text ?? '';
        const sign = operator === 'and' ? '&&' : operator === 'or' ? '||' : operator;
        return { kind: 'binary', operator: sign, left: expression(left), right: expression(right), place: where };
      }
      case 'assignment_expression': {
        const [left, right] = [field(node, 'left'), field(node, 'right')];
        if (!left || !right) break;
        const operator = field(node, 'operator')?.text ?? '=';
        return { kind: 'assign', operator, to: dotted(left), value: expression(right), place: where };
      }
      case 'cast_expression': {
        const value = field(node, 'value');
        if (value) return expression(value);
        break;
      }
      case 'lambda_expression':
        return { kind: 'lambda', routine: lambda(node, where), place: where };
    }
    return { kind: 'other', parts: kids(node).map(expression), place: where };
  }

  function lambda(node: Node, where: Place): Routine {
    const body = field(node, 'body') ?? node;
    const declarator = field(node, 'declarator');
    return {
      name: '',
      class: undefined,
      parameters: declarator ? parameters(declarator) : [],
      body: body === node ? [] : statements(body),
      inRam: reading.inRam(node.startIndex, body.startIndex),
      place: where,
      bodyStart: body.startIndex,
      bodyEnd: body.endIndex,
    };
  }

  function call(node: Node, where: Place): Expression {
    const callee = field(node, 'function');
    const args = field(node, 'arguments');
    const read = args ? kids(args).map(expression) : [];
    const base = { kind: 'call', args: read, makes: false, place: where } as const;
    if (!callee) return { kind: 'other', parts: read, place: where };
    // F("…") and its like only say where the text lies.
    if (/^(?:F|PSTR|FPSTR|String|TEXT)$/.test(callee.text) && read.length === 1 && read[0]!.kind !== 'lambda')
      return read[0]!;
    if (callee.type === 'field_expression') {
      const argument = field(callee, 'argument');
      const method = field(callee, 'field')?.text ?? '';
      if (argument && !/[()]/.test(argument.text))
        return { ...base, object: argument.type === 'this' ? 'this' : dotted(argument), method, upon: undefined };
      return { ...base, object: undefined, method, upon: argument && expression(argument) };
    }
    if (/identifier/.test(callee.type)) {
      const name = reading.alias(callee.text.replace(/\s+/g, '').replace(/^::/, ''));
      const cut = name.lastIndexOf('::') < 0 ? name.lastIndexOf('.') : name.lastIndexOf('::');
      const object = cut > 0 ? name.slice(0, cut).replace(/^std$/, '') || undefined : undefined;
      return {
        ...base,
        object,
        method: cut > 0 ? name.slice(cut + (name[cut] === ':' ? 2 : 1)) : name,
        upon: undefined,
      };
    }
    if (callee.type === 'template_function')
      return { ...base, object: undefined, method: field(callee, 'name')?.text ?? '', upon: undefined };
    return { kind: 'other', parts: [expression(callee), ...read], place: where };
  }

  function dotted(node: Node): string {
    const text = node.text
      .replace(/\s+/g, '')
      .replace(/->/g, '.')
      .replace(/^\(?\*(\w+)\)?/, '$1')
      .replace(/^this\./, '')
      .replace(/\[.*?\]/g, '');
    const [head = '', ...rest] = text.split('.');
    return [reading.alias(head), ...rest].join('.');
  }

  const stringValue = (node: Node): string =>
    node.type === 'string_literal'
      ? unescaped(node.text.replace(/^[^"]*"|"$/g, ''))
      : node.type === 'raw_string_literal'
        ? (kids(node).find((each) => each.type === 'raw_string_content')?.text ?? '')
        : kids(node)
            .map((each) => (/literal/.test(each.type) ? stringValue(each) : ''))
            .join('');

  toplevel(root, undefined);
  return unit;
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, char: string) => ({ n: '\n', r: '\r', t: '\t' })[char] ?? char);
