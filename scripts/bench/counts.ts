export function checkCounts(_update: boolean): Promise<number> {
  return Promise.resolve(0);
}
