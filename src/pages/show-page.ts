/*
 * Puts a page into its window, with the source that it gets there. One whose source is lent stands
 * in a frame of its own (parts/LentPage.svelte), so that a jump back or a broken recording costs a
 * page and not the player. One on a slide of the talk shows what stands in for the live system
 * while that is lost.
 */
import { mount, unmount, type Component } from 'svelte'
import { chooseAmongSources } from '../source/choose'
import type { Source } from '../source/source'
import { whenLost } from '../source/stand-in'
import './parts/base.css'
import { contextWith } from './page-source'
import LentPage from './parts/LentPage.svelte'

/** Shows the page, with what it has to know beside its source. */
export function showPage<Props extends object>(page: Component<Props>, props: Props): void {
  const { source, isLent, standIn } = chooseAmongSources()
  const target = document.body
  const showLive = () => mount(page, { target, props, context: contextWith(source) })
  const showLent = (lent: Source, isStandIn: boolean) =>
    mount(LentPage, {
      target,
      props: { page: page as Component<object>, props, isStandIn },
      context: contextWith(lent),
    })
  let shown = isLent ? showLent(source, false) : showLive()
  if (isLent || !standIn) return
  whenLost(source, standIn, (lent) => {
    void unmount(shown)
    shown = lent ? showLent(lent, true) : showLive()
  })
}
