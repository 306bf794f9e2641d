/**
 * Small mistakes that could be made in a source file: one operator, condition, constant or statement each.
 *
 * @module
 */

import ts from "typescript";

/** A small mistake: what stands between two offsets of a file becomes something else. */
export interface Mutation {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** From 1. */
  readonly line: number;
}

type Change = readonly [node: ts.Node, replacement: string];

const otherOperators: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "&&": "||",
  "||": "&&",
  "??": "&&",
  "||=": "&&=",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "+=": "-=",
};

/** Lists the mistakes that could be made in a file, in the order of their places. */
export function listMutations(code: string): Mutation[] {
  const file = ts.createSourceFile("file.ts", code, ts.ScriptTarget.Latest, true);
  return changesIn(file).map(([node, replacement]) => {
    const start = node.getStart();
    return { start, end: node.end, replacement, line: file.getLineAndCharacterOfPosition(start).line + 1 };
  });
}

function changesIn(node: ts.Node): Change[] {
  if (isForTypesOnly(node)) return [];
  const changes = [...changesOf(node)];
  ts.forEachChild(node, (child) => void changes.push(...changesIn(child)));
  return changes;
}

/** What only the type checker or the module loader reads. */
function isForTypesOnly(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ||
    ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
}

function* changesOf(node: ts.Node): Iterable<Change> {
  if (ts.isBinaryExpression(node)) {
    const operator = otherOperators[node.operatorToken.getText()];
    if (operator) yield [node.operatorToken, operator];
  }
  const condition = conditionOf(node);
  if (condition && !isFlippedElsewhere(condition)) yield [condition, `!(${condition.getText()})`];
  if (isNegation(node)) yield [node, node.operand.getText()];
  if (isDroppable(node)) yield [node, ";"];
  if (ts.isSpreadElement(node)) yield [node, "...[]"];
  if (ts.isSpreadAssignment(node)) yield [node, "...{}"];
  yield* otherConstants(node);
}

function conditionOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  return ts.isConditionalExpression(node) || ts.isForStatement(node) ? node.condition : undefined;
}

/** An equality or a negation is turned round as an operator. */
function isFlippedElsewhere(condition: ts.Expression): boolean {
  return isNegation(condition) ||
    (ts.isBinaryExpression(condition) && /^[!=]==$/.test(condition.operatorToken.getText()));
}

function isNegation(node: ts.Node): node is ts.PrefixUnaryExpression {
  return ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken;
}

function isDroppable(node: ts.Node): boolean {
  return ts.isExpressionStatement(node) || ts.isReturnStatement(node) || ts.isThrowStatement(node) ||
    ts.isBreakStatement(node) || ts.isContinueStatement(node);
}

function* otherConstants(node: ts.Node): Iterable<Change> {
  if (ts.isNumericLiteral(node)) yield [node, String(Number(node.text) + 1)];
  if (node.kind === ts.SyntaxKind.TrueKeyword) yield [node, "false"];
  if (node.kind === ts.SyntaxKind.FalseKeyword) yield [node, "true"];
  const isText = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
  const isKey = ts.isPropertyAssignment(node.parent ?? node) && node.parent.getChildAt(0) === node;
  if (isText && node.text !== "" && !isKey) yield [node, '""'];
  if (ts.isTemplateExpression(node)) yield [node, '""'];
}
