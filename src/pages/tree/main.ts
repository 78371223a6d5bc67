/* The supervision tree's beginning: the one place that knows which source it has. */
import { mount } from 'svelte'
import { chooseSource } from '../../source/choose'
import '../parts/base.css'
import { contextWith } from '../page-source'
import TreePage from './TreePage.svelte'

mount(TreePage, { target: document.body, context: contextWith(chooseSource()) })
