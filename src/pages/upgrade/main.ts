/* The upgrade page's beginning: the one place that knows which source it has. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import UpgradePage from './UpgradePage.svelte'

mount(UpgradePage, { target: document.body, context: contextWith(chooseSource()) })
