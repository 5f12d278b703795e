/** Numbers of an object identifier written with dots. */
export const numbersOf = (oid: string): number[] => oid.split('.').map(Number);

/** Below zero when `a` comes before `b` in the order in which SNMP walks. */
export const compareOids = (a: readonly number[], b: readonly number[]): number => {
  const shared = Math.min(a.length, b.length);
  for (let place = 0; place < shared; place++) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};
