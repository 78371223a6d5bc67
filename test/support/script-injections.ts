/*
 * Texts that try to run as code where a page takes them for anything but text. Families of shapes
 * (tags, attributes, addresses, templates, encodings, what parsers mend into something else), each
 * shape around one script: `window.pwned = n`, with a number of its own.
 */

export interface NastyText {
  readonly name: string
  readonly text: string
}

/** Makes the injections of one family from a script that is to run. */
type Inject = (js: string) => readonly string[]

const scriptTags: Inject = (js) => [
  `<script>${js}</script>`,
  `<SCRIPT>${js}</SCRIPT>`,
  `<ScRiPt>${js}</sCrIpT>`,
  `<script >${js}</script >`,
  `<script/x>${js}</script/x>`,
  `<script\n>${js}</script\n>`,
  `<script\t>${js}</script>`,
  `<script\f>${js}</script>`,
  `<script type=module>${js}</script>`,
  `<script type="text/javascript">${js}</script>`,
  `<script src="data:text/javascript,${js}"></script>`,
  `<script src=data:text/javascript;base64,${base64(js)}></script>`,
  `<script async src="//x.invalid/x.js"></script><script>${js}</script>`,
  `<script>//<![CDATA[\n${js}\n//]]></script>`,
  `<script><!--\n${js}\n--></script>`,
  `<scr<script>ipt>${js}</scr</script>ipt>`,
  `<<script>${js}//<</script>`,
  `<script>${js}`,
  `</script><script>${js}</script>`,
  `<svg><script>${js}</script></svg>`,
  `<svg><script href="data:text/javascript,${js}"/></svg>`,
  `<math><script>${js}</script></math>`,
  `<template><script>${js}</script></template>`,
  `<noscript><script>${js}</script></noscript>`,
]

const elementEvents = [
  ...['img src=x onerror', 'img src onerror', 'image src=x onerror', 'svg onload', 'body onload'],
  ...['svg/onload', 'body onpageshow', 'body onhashchange', 'input autofocus onfocus'],
  ...['select autofocus onfocus', 'textarea autofocus onfocus', 'button autofocus onfocus'],
  ...['a tabindex=1 autofocus onfocus', 'div contenteditable autofocus onfocus'],
  ...[
    'details open ontoggle',
    'video src=x onerror',
    'video><source onerror',
    'audio src=x onerror',
  ],
  ...['video autoplay onloadstart', 'iframe onload', 'object data=x onerror', 'embed src=x onload'],
  ...['marquee onstart', 'marquee loop=1 onfinish', 'link rel=stylesheet href=x onerror'],
  ...[
    'style onload',
    'script src=x onerror',
    'frameset onload',
    'isindex type=image src=1 onerror',
  ],
  ...[
    'div onmouseover',
    'div onpointerenter',
    'div onclick',
    'div onwheel',
    'p oncopy',
    'p onpaste',
  ],
  ...['form onsubmit', 'form onreset', 'input oninput', 'dialog open onclose', 'track onerror'],
  ...['svg><animate onbegin', 'svg><set onbegin', 'svg><animate attributeName=x dur=1s onend'],
  ...['svg><image href=x onerror', 'svg><a onclick', 'svg><g onload', 'math onclick'],
  ...['meter onmouseover', 'keygen autofocus onfocus', 'x onclick', 'x-y tabindex=1 onfocus'],
  ...['div style=animation:x onanimationstart', 'div style=transition:1s ontransitionend'],
  ...[
    'div popover onbeforetoggle',
    'div onscrollsnapchange',
    'div oncontentvisibilityautostatechange',
  ],
]

const eventAttributes: Inject = (js) =>
  elementEvents.flatMap((element, at) => [
    `<${element}=${js}>`,
    // The ways of writing an attribute take turns.
    [
      `<${element}="${js}">`,
      `<${element}='${js}'>`,
      `<${element.toUpperCase()} = ${js} />`,
      `<${element.replaceAll(' ', '/')}=${js}//`,
      `<${element.replaceAll(' ', '\n')}\n=\n"${js}"`,
      `<${element}=\`${js}\`>`,
      `<${element}=${entities(js)}>`,
      `<${element.replaceAll(' ', '\f')}="${js}"x>`,
    ][at % 8]!,
  ])

const breakOuts: Inject = (js) =>
  [
    ...['">', "'>", '>', '`>', '-->', '--!>', ']]>', '?>', '%>', '/>', '"/>', '\\">', '\\\\">'],
    ...['</title>', '</textarea>', '</style>', '</noscript>', '</script>', '</template>', '</xmp>'],
    ...['</iframe>', '</noembed>', '</plaintext>', '</select>', '</option>', '</button>', '</svg>'],
    ...[
      '</p></li></ul></main>',
      '</body></html>',
      '<!--><',
      '<![CDATA[',
      '<!doctype x>',
      '<?xml ?>',
    ],
    ...['<!-- <!-- -->', '<!--[if true]>', '*/', '\n\n', '\0', '" autofocus ', "' autofocus "],
  ].flatMap((end) => [`${end}<img src=x onerror=${js}>`, `x${end}<script>${js}</script>`])

const addresses: Inject = (js) => [
  ...[
    `javascript:${js}`,
    `JaVaScRiPt:${js}`,
    ` javascript:${js}`,
    `java\tscript:${js}`,
    `java\nscript:${js}`,
    `\u0001javascript:${js}`,
    `javascript&colon;${js}`,
    `javascript&#58;${js}`,
    `&#106;avascript:${js}`,
    `&#x6a;&#x61;vascript:${js}`,
    `javascript:%77indow.x=0;${js}`,
    `javascript://x.invalid/%0a${js}`,
    `view-source:javascript:${js}`,
    `data:text/html,<script>${js}</script>`,
    `data:text/html;base64,${base64(`<script>${js}</script>`)}`,
    `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='${js}'/>`,
    `vbscript:${js}`,
    `blob:${js}`,
  ].flatMap((url) => [url, `<a href="${url}">x</a>`, `<iframe src="${url}"></iframe>`]),
  `<form action="javascript:${js}"><button>x</button></form>`,
  `<button formaction="javascript:${js}">x</button>`,
  `<object data="javascript:${js}"></object>`,
  `<embed src="javascript:${js}">`,
  `<base href="javascript:${js}//">`,
  `<area href="javascript:${js}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${js}">`,
  `<svg><a xlink:href="javascript:${js}"><text>x</text></a></svg>`,
  `<math href="javascript:${js}">x</math>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${js}>#x"/></svg>`,
  `<iframe srcdoc="<script>${js}</script>"></iframe>`,
  `[x](javascript:${js})`,
  `![x](x"onerror="${js})`,
  `[x]: javascript:${js}`,
]

const templates: Inject = (js) => [
  `{{${js}}}`,
  `{{constructor.constructor('${js}')()}}`,
  `{{$on.constructor('${js}')()}}`,
  `{{_c.constructor('${js}')()}}`,
  `{{#with this}}{{constructor.constructor "${js}"}}{{/with}}`,
  `{{{${js}}}}`,
  `{{&${js}}}`,
  `[[${js}]]`,
  `{${js}}`,
  `{@html '<img src=x onerror=${js}>'}`,
  `{@const x = ${js}}`,
  `{#if ${js}}x{/if}`,
  `\${${js}}`,
  `#{${js}}`,
  `*{${js}}`,
  `@{${js}}`,
  `@(${js})`,
  `<%= ${js} %>`,
  `<%- ${js} %>`,
  `<%${js}%>`,
  `<?= ${js} ?>`,
  `{% ${js} %}`,
  `{{=<% %>=}}<%${js}%>`,
  `\`\${${js}}\``,
  `<x v-html="'${js}'">`,
  `<x ng-init="${js}">`,
  `<x x-data x-init="${js}">`,
  `<x @click="${js}">`,
  `<x :onclick="${js}">`,
  `<x on:click={${js}}>`,
  `<x data-bind="html: ${js}">`,
  `<svelte:head><script>${js}</script></svelte:head>`,
]

const encoded: Inject = (js) => {
  const tag = `<img src=x onerror=${js}>`
  const perUnit = (write: (code: number) => string) =>
    [...tag].map((letter) => write(letter.charCodeAt(0))).join('')
  const hex = (code: number, length: number) => code.toString(16).padStart(length, '0')
  return [
    entities(tag),
    perUnit((code) => `&#${code};`),
    perUnit((code) => `&#${code}`),
    perUnit((code) => `&#x${hex(code, 2)};`),
    perUnit((code) => `&#x${hex(code, 6)};`),
    perUnit((code) => `%${hex(code, 2)}`),
    perUnit((code) => `%25${hex(code, 2)}`),
    perUnit((code) => `\\x${hex(code, 2)}`),
    perUnit((code) => `\\u${hex(code, 4)}`),
    perUnit((code) => `\\u{${hex(code, 1)}}`),
    perUnit((code) => `\\${code.toString(8)}`),
    perUnit((code) => `=${hex(code, 2)}`),
    perUnit((code) => String.fromCharCode(code > 0x20 ? code + 0xfee0 : code)),
    perUnit((code) => String.fromCharCode(code, 0)),
    perUnit((code) => String.fromCharCode(code) + '\u200b'),
    tag.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    tag.replaceAll('<', '&amp;lt;').replaceAll('>', '&amp;gt;'),
    tag.replaceAll('<', '\u02c2').replaceAll('>', '\u02c3'),
    tag.replaceAll('<', '\u2039').replaceAll('>', '\u203a'),
    tag.replaceAll('<', '+ADw-').replaceAll('>', '+AD4-'),
    tag.replaceAll('<', '\u00c0\u00bc').replaceAll('>', '\u00c0\u00be'),
    tag.replaceAll('<', '%c0%bc').replaceAll('>', '%c0%be'),
    `\u001b$B${tag}\u001b(B`,
    base64(tag),
    `\u202e${[...tag].reverse().join('')}`,
    `<\u0300img src=x onerror=${js}>`,
    `\ufeff${tag}`,
    `\ud800${tag}`,
  ]
}

const styles: Inject = (js) => [
  `<style>*{background:url("javascript:${js}")}</style>`,
  `<style>@import "javascript:${js}";</style>`,
  `<style>@import url(data:text/css,*{x:expression(${js})});</style>`,
  `<style>body{display:none}</style><script>${js}</script>`,
  `<style>x{}</style><img src=x onerror=${js}>`,
  `<style><!--</style><img src=x onerror=${js}>--></style>`,
  `<style>@keyframes x{}</style><x style=animation-name:x onanimationend=${js}>`,
  `<div style="width:expression(${js})">`,
  `<div style="background:url(javascript:${js})">`,
  `<div style="behavior:url(#x);-moz-binding:url(data:,${js})">`,
  `<div style="list-style:url('javascript:${js}')">`,
  `<div style="position:fixed;inset:0" onclick=${js}>`,
  `<link rel=stylesheet href="data:text/css,*{x:expression(${js})}">`,
  `<link rel=import href="data:text/html,<script>${js}</script>">`,
  `x;background:url(javascript:${js})`,
  `x}</style><script>${js}</script>`,
  `x;}*{display:none}/*${js}`,
  `expression(${js})`,
  `\\65xpression(${js})`,
  `"><style onload=${js}>`,
]

const mutated: Inject = (js) => [
  `<noscript><p title="</noscript><img src=x onerror=${js}>">`,
  `<svg></p><style><a id="</style><img src=x onerror=${js}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${js}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=${js}>`,
  `<svg><foreignObject><math><mi><style><img src=x onerror=${js}></style></mi></math>`,
  `<svg><desc><img src=x onerror=${js}></desc></svg>`,
  `<svg><title><style></title><img src=x onerror=${js}></style>`,
  `<math><annotation-xml encoding="text/html"><img src=x onerror=${js}></annotation-xml>`,
  `<table><td><img src=x onerror=${js}></table>`,
  `<table background="javascript:${js}">`,
  `<select><template><img src=x onerror=${js}></template></select>`,
  `<select><option><style></option></select><img src=x onerror=${js}></style>`,
  `<template shadowrootmode=open><img src=x onerror=${js}></template>`,
  `<xmp><p title="</xmp><img src=x onerror=${js}>">`,
  `<listing>&lt;img src=x onerror=${js}&gt;</listing>`,
  `<plaintext><img src=x onerror=${js}>`,
  `<textarea><p title="</textarea><img src=x onerror=${js}>">`,
  `<iframe><p title="</iframe><img src=x onerror=${js}>">`,
  `<a title="\`\`onmouseover=${js}">`,
  `<p title="&lt;img src=x onerror=${js}&gt;">`,
  `<b <img src=x onerror=${js}>`,
  `<img """><script>${js}</script>">`,
  `<img src="x\` \`<script>${js}</script>"\` \`>`,
  `<img src=x:x\nonerror=${js}>`,
]

const brokenStrings: Inject = (js) => [
  `';${js};'`,
  `";${js};"`,
  `\`;${js};\``,
  `'-(${js})-'`,
  `"-(${js})-"`,
  `\\';${js}//`,
  `\\";${js}//`,
  `'\n${js}\n'`,
  `'\u2028${js}\u2028'`,
  `'\u2029${js}\u2029'`,
  `*/${js}/*`,
  `);${js};(`,
  `]};${js};[{`,
  `"}}');${js};//`,
  `","text":"x","__proto__":{"html":"<img src=x onerror=${js}>"}}`,
  `{"type":"wall_changed","put":[{"text":"<script>${js}</script>"}]}`,
  `__proto__[innerHTML]=<img src=x onerror=${js}>`,
  `constructor.prototype.innerHTML=<img src=x onerror=${js}>`,
  `x\r\nContent-Type: text/html\r\n\r\n<script>${js}</script>`,
  `x'; DROP TABLE events; --<script>${js}</script>`,
  `eval('${js}')`,
  `Function("${js}")()`,
  `import('data:text/javascript,${js}')`,
  `setTimeout('${js}')`,
]

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

function entities(text: string): string {
  return [...text].map((letter) => `&#${letter.charCodeAt(0)};`).join('')
}

const injections: Readonly<Record<string, Inject>> = {
  'script tag': scriptTags,
  'event attribute': eventAttributes,
  'break out': breakOuts,
  address: addresses,
  template: templates,
  encoded,
  style: styles,
  mutated,
  'broken string': brokenStrings,
}

/** The numbers of injections run on through all families. */
const firstOfFamily = 1_000

/** At least 300 kinds of text that try to run; each sets `window.pwned` to a number of its own. */
export const scriptInjections: readonly NastyText[] = Object.entries(injections).flatMap(
  ([name, inject], family) =>
    // How many there are does not depend on the script, so each is made with its own number.
    inject('').map((_, at) => ({
      name: `${name} ${at}`,
      text: inject(`window.pwned=${(family + 1) * firstOfFamily + at}`)[at]!,
    })),
)
