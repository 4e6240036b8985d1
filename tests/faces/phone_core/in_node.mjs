// The phone's evaluator carries out what it reads from its standard input: one JSON object with
// `client` (the folder of its modules), `evaluations` and `fillings` as in tests/vectors/forms. It
// prints one JSON object with what came out of each, in the same order.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { client, evaluations = [], fillings = [] } = JSON.parse(readFileSync(0, "utf8"));
const load = (name) => import(pathToFileURL(`${client}/${name}.ts`).href);
const [{ compileTree, compileCondition }, { toBool, toText }, { Filling }, { suggest }] =
  await Promise.all(["expressions", "values", "filling", "suggesting"].map(load));

// JSON has no way to write every number: results carry them as text.
function said(value) {
  const kinds = { number: "number", boolean: "boolean", string: "text" };
  const type = Array.isArray(value) ? "list" : kinds[typeof value];
  return { type, value: type === "number" ? toText(value) : value };
}

function evaluated({ tree, values, self, position, today }) {
  const scope = { values: new Map(Object.entries(values)), self, position, today };
  const value = compileTree(tree)(scope);
  const isSame = compileCondition(tree)(scope) === toBool(value);
  return isSame ? said(value) : { type: "a condition unlike its value" };
}

function filled({ form, today, known, answers, photos }) {
  const filling = new Filling(form, today, known);
  for (const [code, answer] of answers) filling.answer(code, answer);
  for (const [code, count] of Object.entries(photos)) filling.attach(code, count);
  const state = filling.state();
  const items = new Map(form.sections.flatMap(itemsOf).map((item) => [item.code, item]));
  const failed = new Set(state.failed);
  return {
    state: { ...state, calculated: Object.fromEntries(state.calculated) },
    suggestions: state.failed.map((code) => suggest(form, items.get(code), failed, today)),
    entries: Object.fromEntries(form.sections.flatMap((one) => entriesOf(one, filling, [[]]))),
  };
}

// What the vectors have of how items and columns are entered, by code and rows.
function entriesOf(section, filling, places) {
  return itemsOf(section).flatMap((item) => {
    const rows = places.flatMap((place) => [1, 2, 3, 4].map((row) => [...place, row]));
    const columns = (item.columns ?? []).flatMap((column) => entriesOf(column, filling, rows));
    const isTold = item.read_only || item.default || item.count || item.choices;
    const own = (isTold ? places : [])
      .map((place) => [[item.code, ...place].join(" "), filling.entry(item.code, ...place)])
      .filter(([, entry]) => entry !== undefined)
      .map(([place, entry]) => [place, toldOf(entry)]);
    return [...own, ...columns];
  });
}

function toldOf({ read_only, prefilled, rows, choices }) {
  const told = read_only ? { read_only } : {};
  if (prefilled !== "") told.prefilled = prefilled;
  if (rows !== null) told.rows = rows;
  if (choices.length > 0) told.choices = choices.map((choice) => choice.name);
  return told;
}

function itemsOf(member) {
  return member.items ? member.items.flatMap(itemsOf) : [member];
}

// What cannot be worked out is a difference like any other, not the end of all cases behind it.
function tried(work, given) {
  try {
    return work(given);
  } catch (error) {
    return { threw: String(error) };
  }
}

const made = {
  evaluations: evaluations.map((one) => tried(evaluated, one)),
  fillings: fillings.map((one) => tried(filled, one)),
};
process.stdout.write(JSON.stringify(made));
