// The value from which on a blurred part keeps its area. Pure.

/** The highest bits of a value: by these, values are counted. */
const HIGH = 12;

/**
 * The value from which on about `count` values are taken; the larger mask where two are as near.
 * @param {Int32Array} values @param {number} size how many of them there are @param {number} count
 * @param {number} most the value deep inside, which is always taken
 */
export function leastOf(values, size, count, most) {
  const shift = Math.max(0, 32 - Math.clz32(most) - HIGH);
  const counts = new Int32Array((most >>> shift) + 1);
  let [deep, shallow] = [0, 0];
  for (let i = 0; i < size; i++) {
    const value = values[i];
    if (value === most) deep++;
    else if (value > 0) {
      counts[value >>> shift]++;
      shallow++;
    }
  }
  const wanted = Math.min(count - deep, shallow);
  if (wanted <= 0) return most;
  let high = counts.length;
  let higher = 0;
  while (higher < wanted) higher += counts[--high];
  higher -= counts[high];
  const near = new Int32Array(counts[high]);
  let next = most;
  for (let i = 0, n = 0; i < size; i++) {
    const value = values[i];
    if (value === 0 || value === most) continue;
    if (value >>> shift === high) near[n++] = value;
    else if (value >>> shift > high && value < next) next = value;
  }
  return nearest(near.sort(), higher, wanted, deep, next);
}

/**
 * @param {Int32Array} near the values that share their highest bits with the one that is sought, sorted
 * @param {number} higher how many values are higher than these @param {number} wanted how many are to be taken
 * @param {number} deep how many are taken anyway @param {number} next the least of the higher ones
 */
function nearest(near, higher, wanted, deep, next) {
  const least = near[near.length - (wanted - higher)];
  const after = near.lastIndexOf(least) + 1;
  // How many are taken with the ones that equal it, and without them.
  const taken = higher + near.length - near.indexOf(least);
  const left = higher + near.length - after;
  return left + deep > 0 && wanted - left < taken - wanted ? (near[after] ?? next) : least;
}
