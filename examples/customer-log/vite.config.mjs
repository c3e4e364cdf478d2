export default {
  // The package is linked, and has a React of its own for its tests.
  resolve: { dedupe: ["react", "react-dom"] },
  // The policy of the page allows no inline code.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
};
