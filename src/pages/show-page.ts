/*
 * Puts a page into its window, with the source that it gets there. One whose source is lent stands
 * in a frame of its own (parts/LentPage.svelte), so that a jump back or a broken recording costs a
 * page and not the player.
 */
import { mount, type Component } from 'svelte'
import { chooseAmongSources } from '../source/choose'
import './parts/base.css'
import { contextWith } from './page-source'
import LentPage from './parts/LentPage.svelte'

/** Shows the page, with what it has to know beside its source. */
export function showPage<Props extends object>(page: Component<Props>, props: Props): void {
  const { source, isLent } = chooseAmongSources()
  const target = document.body
  const context = contextWith(source)
  if (!isLent) mount(page, { target, props, context })
  else mount(LentPage, { target, props: { page: page as Component<object>, props }, context })
}
