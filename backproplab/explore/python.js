// What Python has and JavaScript has not, for functions that translate.py has written. Each means what it means in Python.

const isDict = (x) => typeof x === "object" && x !== null && !x[Symbol.iterator];
export const list = (x) => (Array.isArray(x) ? x : isDict(x) ? Object.keys(x) : [...x]);
export const unique = (x) => [...new Set(list(x))]; // as dict.fromkeys; a set that is only asked for its members
export const len = (x) => list(x).length;
export const truth = (x) => (typeof x === "object" && x !== null ? len(x) > 0 : Boolean(x) || x !== x);
export const all = (x) => x.every(truth);
export const any = (x) => x.some(truth);
export const has = (x, part) => (isDict(x) ? part in x : x.includes(part));
export const same = (a, b) => a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i])));
export const str = String;
export const thousands = (count) => count.toLocaleString("en");

export const range = (...ends) => {
  const [low, high, step = 1] = ends.length > 1 ? ends : [0, ...ends];
  const found = [];
  for (let k = low; step > 0 ? k < high : k > high; k += step) found.push(k);
  return found;
};
export const repeat = (x, count) => Array(Math.max(0, count)).fill(x);
export const enumerate = (x, start = 0) => list(x).map((it, i) => [start + i, it]);
export const zip = (...all) => {
  const [first = [], ...others] = all.map(list);
  return first.slice(0, Math.min(...others.map(len))).map((it, i) => [it, ...others.map((other) => other[i])]);
};
export const pairwise = (x) => zip(x, x.slice(1));
export const reversed = (x) => list(x).toReversed();
export const next = (x, otherwise) => (x.length ? x[0] : otherwise);

export const sum = (x, start = 0) => x.reduce((total, it) => total + it, start);
export const prod = (x) => x.reduce((total, it) => total * it, 1);
export const accumulate = (x, f = (a, b) => a + b) => x.reduce((found, it) => [...found, found.length ? f(found.at(-1), it) : it], []);
const best = (better) => (...given) => {
  const { key = (x) => x, default: otherwise } = isDict(given.at(-1)) ? given.pop() : {};
  const all = given.length > 1 ? given : list(given[0]);
  return all.length ? all.reduce((a, b) => (better(key(b), key(a)) ? b : a)) : otherwise;
};
export const max = best((b, a) => b > a);
export const min = best((b, a) => b < a);
const order = (a, b) => (a > b) - (a < b);
export const sorted = (x, { key } = {}) => list(x).toSorted(key ? (a, b) => order(key(a), key(b)) : order);
