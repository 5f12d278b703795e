import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const argument = 'Rules take the time and luck as arguments: ask the Clock or the IdSource port in the use case.';

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'data/', 'node_modules/']),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Naming a property is how an object is copied without it.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // `() => void call()` and `() => list.push(x)` for a callback whose answer nobody reads.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['domain/**', 'application/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: argument },
        { selector: 'CallExpression[callee.name="Date"]', message: argument },
        { selector: 'MemberExpression[object.name="Date"][property.name="now"]', message: argument },
        { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: argument },
      ],
    },
  },
  {
    // The resolver works on typed arrays whose lengths it has set itself.
    files: ['domain/topology/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // Memory adapters answer at once where a port promises an answer later; tests stand in for ports too.
    files: ['adapters/memory/**', 'test/**'],
    rules: {
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
    },
  },
  {
    // TypeORM declares the options of EntitySchema as a class and documents them as object literals.
    files: ['adapters/typeorm/**'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: ['test/**'],
    rules: {
      // chai: `expect(x).to.be.true`.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Replies are JSON of any shape: it is the assertions that say which.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  { files: ['**/*.{js,cjs,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
