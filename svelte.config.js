/*
 * How components are compiled, for the build, the checks and the editor alike: runes everywhere, so
 * that nothing is reactive unless it says so.
 */
export default { compilerOptions: { runes: true } }
