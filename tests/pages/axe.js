// What axe finds on this page. `without`: a part to leave out, or ''. `fine`: looks of text whose contrast is good.
// Answers with axe's violations and the looks of text that it measured and found good.
// Contrast is two thirds of axe's time, and the same few pairs of colours stand on every page: measured once is enough.
async ([without, fine]) => {
    const known = new Set(fine), measured = new Set();
    const chains = new Map();
    const clear = colour => colour === 'rgba(0, 0, 0, 0)';
    const opaque = colour => !colour.startsWith('rgba') && !colour.includes('/') && colour !== 'transparent';

    // What lies behind a text: all that its ancestors paint, and where the first of them that lets nothing through is.
    // Whatever leaves its place on the way there may stand before something else: `null`, it is measured each time.
    const behind = element => {
        if (element === null) return {covered: true, told: ''};
        if (chains.has(element)) return chains.get(element);
        const style = getComputedStyle(element), above = behind(element.parentElement);
        const moved = !(style.position === 'static' || style.position === 'relative' && /^[0px ]+$/.test(style.inset))
            || style.float !== 'none' || style.transform !== 'none' || style.translate !== 'none'
            || parseFloat(style.marginTop) < 0 || parseFloat(style.marginLeft) < 0;
        const own = opaque(style.backgroundColor);
        const painted = [style.backgroundColor, style.backgroundImage, style.opacity, style.mixBlendMode, style.filter];
        const plain = clear(painted[0]) && painted.slice(1).join() === 'none,1,normal,none';
        const found = {
            covered: own || above.covered && !moved,
            told: plain ? above.told : `${painted.join(' ')}\n${above.told}`,
        };
        chains.set(element, found);
        return found;
    };
    const look = element => {
        const {covered, told} = behind(element), style = getComputedStyle(element);
        return covered ? [style.color, style.fontSize, style.fontWeight, style.textShadow, told].join(' ') : null;
    };

    const rule = axe._audit.rules.find(each => each.id === 'color-contrast');
    const check = axe._audit.checks['color-contrast'];
    const {matches} = rule, {evaluate} = check;
    rule.matches = (element, ...more) => !known.has(look(element)) && matches.call(rule, element, ...more);
    check.evaluate = function (element, ...more) {
        const data = this.data;
        let ratio = 0;
        this.data = told => { ratio = told?.contrastRatio; data.call(this, told); };
        const good = evaluate.call(this, element, ...more);
        // Also good is what cannot be seen: only what was measured says something of the next one.
        if (good === true && ratio) measured.add(look(element));
        return good;
    };
    try {
        const found = await axe.run(
            without ? {exclude: [[without]]} : document,
            // Of what axe fetches beforehand only media matter: style sheets serve a rule that is not on.
            {resultTypes: ['violations'], preload: {assets: ['media']}},
        );
        measured.delete(null);
        return [found.violations, [...measured]];
    } finally {
        Object.assign(rule, {matches});
        Object.assign(check, {evaluate});
    }
}
