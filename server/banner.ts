/*
 * What the one who starts the system reads: where everything is, and the audience's QR code.
 */
import { audienceAddress } from './address'
import type { Config } from './config'
import { qrTerminal, qrText } from './qr'

/**
 * The text of the start, with the presenter's link: the only place where the token is ever shown.
 */
export async function banner(config: Config): Promise<string> {
  const audience = audienceAddress(config)
  const here = config.publicUrl?.startsWith('https:')
    ? config.publicUrl
    : `http://localhost:${config.port}`
  return [
    '',
    await qrTerminal(qrText(audience, '/')),
    `  audience    ${audience}`,
    `  deck        ${here}/deck/`,
    `  presenter   ${here}/enter#${config.presenterToken}`,
    '',
    '  The presenter link is a key: open it on this machine, show it to nobody.',
    '  Ctrl-C ends everything.',
    '',
  ].join('\n')
}
