/* The moderation page's beginning: which source it has, and which board its address names. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import AdminPage from './AdminPage.svelte'

const [, , board = ''] = location.pathname.split('/')

mount(AdminPage, {
  target: document.body,
  props: { board },
  context: contextWith(chooseSource()),
})
