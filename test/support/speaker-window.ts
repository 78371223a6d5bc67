/*
 * The deck's speaker window, opened as a presenter does: by the key, and by the key again when a busy
 * machine has swallowed it.
 */
import type { Page } from 'playwright-core'

const patienceMs = 5_000

/** Opens the speaker view of a deck and waits until it hears the deck. */
export async function openSpeakerWindow(hall: Page): Promise<Page> {
  const context = hall.context()
  await hall.bringToFront()
  for (let attempt = 1; ; attempt++) {
    const opened = context.waitForEvent('page', { timeout: patienceMs })
    await hall.keyboard.press('s')
    try {
      const speaker = await opened
      await speaker.locator('#connection-status').waitFor({ state: 'hidden' })
      return speaker
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}
