/** Is this version one that Millrace runs on? Packages below us `require` ES modules: Node 20.19, 22.12 and later can. */
export const nodeIsSupported = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23;
};

export const requireNode = () => {
  if (nodeIsSupported(process.version)) return;
  console.error(
    'Millrace needs Node 20.19, 22.12 or later; this is ' + process.version + ' (' + process.execPath + ').',
  );
  console.error('Get one from https://nodejs.org or by your version manager, e.g.: nvm install 22');
  process.exit(1);
};
