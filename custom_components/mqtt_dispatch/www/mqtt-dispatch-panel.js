var Fe=Object.defineProperty;var Ve=Object.getOwnPropertyDescriptor;var p=(r,t,e,i)=>{for(var s=i>1?void 0:i?Ve(t,e):t,n=r.length-1,o;n>=0;n--)(o=r[n])&&(s=(i?o(t,e,s):o(s))||s);return i&&s&&Fe(t,e,s),s};var dt=globalThis,ct=dt.ShadowRoot&&(dt.ShadyCSS===void 0||dt.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Rt=Symbol(),te=new WeakMap,et=class{constructor(t,e,i){if(this._$cssResult$=!0,i!==Rt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=t,this.t=e}get styleSheet(){let t=this.o,e=this.t;if(ct&&t===void 0){let i=e!==void 0&&e.length===1;i&&(t=te.get(e)),t===void 0&&((this.o=t=new CSSStyleSheet).replaceSync(this.cssText),i&&te.set(e,t))}return t}toString(){return this.cssText}},ee=r=>new et(typeof r=="string"?r:r+"",void 0,Rt),$=(r,...t)=>{let e=r.length===1?r[0]:t.reduce((i,s,n)=>i+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(s)+r[n+1],r[0]);return new et(e,r,Rt)},ie=(r,t)=>{if(ct)r.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let e of t){let i=document.createElement("style"),s=dt.litNonce;s!==void 0&&i.setAttribute("nonce",s),i.textContent=e.cssText,r.appendChild(i)}},Ct=ct?r=>r:r=>r instanceof CSSStyleSheet?(t=>{let e="";for(let i of t.cssRules)e+=i.cssText;return ee(e)})(r):r;var{is:Ge,defineProperty:Ke,getOwnPropertyDescriptor:Ze,getOwnPropertyNames:Je,getOwnPropertySymbols:Ye,getPrototypeOf:Qe}=Object,pt=globalThis,se=pt.trustedTypes,Xe=se?se.emptyScript:"",ti=pt.reactiveElementPolyfillSupport,it=(r,t)=>r,st={toAttribute(r,t){switch(t){case Boolean:r=r?Xe:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,t){let e=r;switch(t){case Boolean:e=r!==null;break;case Number:e=r===null?null:Number(r);break;case Object:case Array:try{e=JSON.parse(r)}catch{e=null}}return e}},ut=(r,t)=>!Ge(r,t),re={attribute:!0,type:String,converter:st,reflect:!1,useDefault:!1,hasChanged:ut};Symbol.metadata??=Symbol("metadata"),pt.litPropertyMetadata??=new WeakMap;var C=class extends HTMLElement{static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(t,e=re){if(e.state&&(e.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(t)&&((e=Object.create(e)).wrapped=!0),this.elementProperties.set(t,e),!e.noAccessor){let i=Symbol(),s=this.getPropertyDescriptor(t,i,e);s!==void 0&&Ke(this.prototype,t,s)}}static getPropertyDescriptor(t,e,i){let{get:s,set:n}=Ze(this.prototype,t)??{get(){return this[e]},set(o){this[e]=o}};return{get:s,set(o){let d=s?.call(this);n?.call(this,o),this.requestUpdate(t,d,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(t){return this.elementProperties.get(t)??re}static _$Ei(){if(this.hasOwnProperty(it("elementProperties")))return;let t=Qe(this);t.finalize(),t.l!==void 0&&(this.l=[...t.l]),this.elementProperties=new Map(t.elementProperties)}static finalize(){if(this.hasOwnProperty(it("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(it("properties"))){let e=this.properties,i=[...Je(e),...Ye(e)];for(let s of i)this.createProperty(s,e[s])}let t=this[Symbol.metadata];if(t!==null){let e=litPropertyMetadata.get(t);if(e!==void 0)for(let[i,s]of e)this.elementProperties.set(i,s)}this._$Eh=new Map;for(let[e,i]of this.elementProperties){let s=this._$Eu(e,i);s!==void 0&&this._$Eh.set(s,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(t){let e=[];if(Array.isArray(t)){let i=new Set(t.flat(1/0).reverse());for(let s of i)e.unshift(Ct(s))}else t!==void 0&&e.push(Ct(t));return e}static _$Eu(t,e){let i=e.attribute;return i===!1?void 0:typeof i=="string"?i:typeof t=="string"?t.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(t=>this.enableUpdating=t),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(t=>t(this))}addController(t){(this._$EO??=new Set).add(t),this.renderRoot!==void 0&&this.isConnected&&t.hostConnected?.()}removeController(t){this._$EO?.delete(t)}_$E_(){let t=new Map,e=this.constructor.elementProperties;for(let i of e.keys())this.hasOwnProperty(i)&&(t.set(i,this[i]),delete this[i]);t.size>0&&(this._$Ep=t)}createRenderRoot(){let t=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ie(t,this.constructor.elementStyles),t}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(t=>t.hostConnected?.())}enableUpdating(t){}disconnectedCallback(){this._$EO?.forEach(t=>t.hostDisconnected?.())}attributeChangedCallback(t,e,i){this._$AK(t,i)}_$ET(t,e){let i=this.constructor.elementProperties.get(t),s=this.constructor._$Eu(t,i);if(s!==void 0&&i.reflect===!0){let n=(i.converter?.toAttribute!==void 0?i.converter:st).toAttribute(e,i.type);this._$Em=t,n==null?this.removeAttribute(s):this.setAttribute(s,n),this._$Em=null}}_$AK(t,e){let i=this.constructor,s=i._$Eh.get(t);if(s!==void 0&&this._$Em!==s){let n=i.getPropertyOptions(s),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:st;this._$Em=s;let d=o.fromAttribute(e,n.type);this[s]=d??this._$Ej?.get(s)??d,this._$Em=null}}requestUpdate(t,e,i,s=!1,n){if(t!==void 0){let o=this.constructor;if(s===!1&&(n=this[t]),i??=o.getPropertyOptions(t),!((i.hasChanged??ut)(n,e)||i.useDefault&&i.reflect&&n===this._$Ej?.get(t)&&!this.hasAttribute(o._$Eu(t,i))))return;this.C(t,e,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(t,e,{useDefault:i,reflect:s,wrapped:n},o){i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,o??e??this[t]),n!==!0||o!==void 0)||(this._$AL.has(t)||(this.hasUpdated||i||(e=void 0),this._$AL.set(t,e)),s===!0&&this._$Em!==t&&(this._$Eq??=new Set).add(t))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let t=this.scheduleUpdate();return t!=null&&await t,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[s,n]of this._$Ep)this[s]=n;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[s,n]of i){let{wrapped:o}=n,d=this[s];o!==!0||this._$AL.has(s)||d===void 0||this.C(s,void 0,n,d)}}let t=!1,e=this._$AL;try{t=this.shouldUpdate(e),t?(this.willUpdate(e),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(e)):this._$EM()}catch(i){throw t=!1,this._$EM(),i}t&&this._$AE(e)}willUpdate(t){}_$AE(t){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(t)),this.updated(t)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(t){return!0}update(t){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(t){}firstUpdated(t){}};C.elementStyles=[],C.shadowRootOptions={mode:"open"},C[it("elementProperties")]=new Map,C[it("finalized")]=new Map,ti?.({ReactiveElement:C}),(pt.reactiveElementVersions??=[]).push("2.1.2");var qt=globalThis,ne=r=>r,ht=qt.trustedTypes,oe=ht?ht.createPolicy("lit-html",{createHTML:r=>r}):void 0,Ht="$lit$",M=`lit$${Math.random().toFixed(9).slice(2)}$`,Pt="?"+M,ei=`<${Pt}>`,B=document,nt=()=>B.createComment(""),ot=r=>r===null||typeof r!="object"&&typeof r!="function",Ot=Array.isArray,ue=r=>Ot(r)||typeof r?.[Symbol.iterator]=="function",Mt=`[ 	
\f\r]`,rt=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ae=/-->/g,le=/>/g,z=RegExp(`>|${Mt}(?:([^\\s"'>=/]+)(${Mt}*=${Mt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),de=/'/g,ce=/"/g,he=/^(?:script|style|textarea|title)$/i,Ut=r=>(t,...e)=>({_$litType$:r,strings:t,values:e}),a=Ut(1),xi=Ut(2),ki=Ut(3),q=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),pe=new WeakMap,W=B.createTreeWalker(B,129);function me(r,t){if(!Ot(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return oe!==void 0?oe.createHTML(t):t}var fe=(r,t)=>{let e=r.length-1,i=[],s,n=t===2?"<svg>":t===3?"<math>":"",o=rt;for(let d=0;d<e;d++){let l=r[d],h,g,u=-1,y=0;for(;y<l.length&&(o.lastIndex=y,g=o.exec(l),g!==null);)y=o.lastIndex,o===rt?g[1]==="!--"?o=ae:g[1]!==void 0?o=le:g[2]!==void 0?(he.test(g[2])&&(s=RegExp("</"+g[2],"g")),o=z):g[3]!==void 0&&(o=z):o===z?g[0]===">"?(o=s??rt,u=-1):g[1]===void 0?u=-2:(u=o.lastIndex-g[2].length,h=g[1],o=g[3]===void 0?z:g[3]==='"'?ce:de):o===ce||o===de?o=z:o===ae||o===le?o=rt:(o=z,s=void 0);let f=o===z&&r[d+1].startsWith("/>")?" ":"";n+=o===rt?l+ei:u>=0?(i.push(h),l.slice(0,u)+Ht+l.slice(u)+M+f):l+M+(u===-2?d:f)}return[me(r,n+(r[e]||"<?>")+(t===2?"</svg>":t===3?"</math>":"")),i]},at=class r{constructor({strings:t,_$litType$:e},i){let s;this.parts=[];let n=0,o=0,d=t.length-1,l=this.parts,[h,g]=fe(t,e);if(this.el=r.createElement(h,i),W.currentNode=this.el.content,e===2||e===3){let u=this.el.content.firstChild;u.replaceWith(...u.childNodes)}for(;(s=W.nextNode())!==null&&l.length<d;){if(s.nodeType===1){if(s.hasAttributes())for(let u of s.getAttributeNames())if(u.endsWith(Ht)){let y=g[o++],f=s.getAttribute(u).split(M),w=/([.?@])?(.*)/.exec(y);l.push({type:1,index:n,name:w[2],strings:f,ctor:w[1]==="."?ft:w[1]==="?"?gt:w[1]==="@"?yt:V}),s.removeAttribute(u)}else u.startsWith(M)&&(l.push({type:6,index:n}),s.removeAttribute(u));if(he.test(s.tagName)){let u=s.textContent.split(M),y=u.length-1;if(y>0){s.textContent=ht?ht.emptyScript:"";for(let f=0;f<y;f++)s.append(u[f],nt()),W.nextNode(),l.push({type:2,index:++n});s.append(u[y],nt())}}}else if(s.nodeType===8)if(s.data===Pt)l.push({type:2,index:n});else{let u=-1;for(;(u=s.data.indexOf(M,u+1))!==-1;)l.push({type:7,index:n}),u+=M.length-1}n++}}static createElement(t,e){let i=B.createElement("template");return i.innerHTML=t,i}};function F(r,t,e=r,i){if(t===q)return t;let s=i!==void 0?e._$Co?.[i]:e._$Cl,n=ot(t)?void 0:t._$litDirective$;return s?.constructor!==n&&(s?._$AO?.(!1),n===void 0?s=void 0:(s=new n(r),s._$AT(r,e,i)),i!==void 0?(e._$Co??=[])[i]=s:e._$Cl=s),s!==void 0&&(t=F(r,s._$AS(r,t.values),s,i)),t}var mt=class{constructor(t,e){this._$AV=[],this._$AN=void 0,this._$AD=t,this._$AM=e}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(t){let{el:{content:e},parts:i}=this._$AD,s=(t?.creationScope??B).importNode(e,!0);W.currentNode=s;let n=W.nextNode(),o=0,d=0,l=i[0];for(;l!==void 0;){if(o===l.index){let h;l.type===2?h=new Z(n,n.nextSibling,this,t):l.type===1?h=new l.ctor(n,l.name,l.strings,this,t):l.type===6&&(h=new $t(n,this,t)),this._$AV.push(h),l=i[++d]}o!==l?.index&&(n=W.nextNode(),o++)}return W.currentNode=B,s}p(t){let e=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(t,i,e),e+=i.strings.length-2):i._$AI(t[e])),e++}},Z=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(t,e,i,s){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=t,this._$AB=e,this._$AM=i,this.options=s,this._$Cv=s?.isConnected??!0}get parentNode(){let t=this._$AA.parentNode,e=this._$AM;return e!==void 0&&t?.nodeType===11&&(t=e.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(t,e=this){t=F(this,t,e),ot(t)?t===c||t==null||t===""?(this._$AH!==c&&this._$AR(),this._$AH=c):t!==this._$AH&&t!==q&&this._(t):t._$litType$!==void 0?this.$(t):t.nodeType!==void 0?this.T(t):ue(t)?this.k(t):this._(t)}O(t){return this._$AA.parentNode.insertBefore(t,this._$AB)}T(t){this._$AH!==t&&(this._$AR(),this._$AH=this.O(t))}_(t){this._$AH!==c&&ot(this._$AH)?this._$AA.nextSibling.data=t:this.T(B.createTextNode(t)),this._$AH=t}$(t){let{values:e,_$litType$:i}=t,s=typeof i=="number"?this._$AC(t):(i.el===void 0&&(i.el=at.createElement(me(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===s)this._$AH.p(e);else{let n=new mt(s,this),o=n.u(this.options);n.p(e),this.T(o),this._$AH=n}}_$AC(t){let e=pe.get(t.strings);return e===void 0&&pe.set(t.strings,e=new at(t)),e}k(t){Ot(this._$AH)||(this._$AH=[],this._$AR());let e=this._$AH,i,s=0;for(let n of t)s===e.length?e.push(i=new r(this.O(nt()),this.O(nt()),this,this.options)):i=e[s],i._$AI(n),s++;s<e.length&&(this._$AR(i&&i._$AB.nextSibling,s),e.length=s)}_$AR(t=this._$AA.nextSibling,e){for(this._$AP?.(!1,!0,e);t!==this._$AB;){let i=ne(t).nextSibling;ne(t).remove(),t=i}}setConnected(t){this._$AM===void 0&&(this._$Cv=t,this._$AP?.(t))}},V=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(t,e,i,s,n){this.type=1,this._$AH=c,this._$AN=void 0,this.element=t,this.name=e,this._$AM=s,this.options=n,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=c}_$AI(t,e=this,i,s){let n=this.strings,o=!1;if(n===void 0)t=F(this,t,e,0),o=!ot(t)||t!==this._$AH&&t!==q,o&&(this._$AH=t);else{let d=t,l,h;for(t=n[0],l=0;l<n.length-1;l++)h=F(this,d[i+l],e,l),h===q&&(h=this._$AH[l]),o||=!ot(h)||h!==this._$AH[l],h===c?t=c:t!==c&&(t+=(h??"")+n[l+1]),this._$AH[l]=h}o&&!s&&this.j(t)}j(t){t===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,t??"")}},ft=class extends V{constructor(){super(...arguments),this.type=3}j(t){this.element[this.name]=t===c?void 0:t}},gt=class extends V{constructor(){super(...arguments),this.type=4}j(t){this.element.toggleAttribute(this.name,!!t&&t!==c)}},yt=class extends V{constructor(t,e,i,s,n){super(t,e,i,s,n),this.type=5}_$AI(t,e=this){if((t=F(this,t,e,0)??c)===q)return;let i=this._$AH,s=t===c&&i!==c||t.capture!==i.capture||t.once!==i.once||t.passive!==i.passive,n=t!==c&&(i===c||s);s&&this.element.removeEventListener(this.name,this,i),n&&this.element.addEventListener(this.name,this,t),this._$AH=t}handleEvent(t){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)}},$t=class{constructor(t,e,i){this.element=t,this.type=6,this._$AN=void 0,this._$AM=e,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(t){F(this,t)}},ge={M:Ht,P:M,A:Pt,C:1,L:fe,R:mt,D:ue,V:F,I:Z,H:V,N:gt,U:yt,B:ft,F:$t},ii=qt.litHtmlPolyfillSupport;ii?.(at,Z),(qt.litHtmlVersions??=[]).push("3.3.3");var ye=(r,t,e)=>{let i=e?.renderBefore??t,s=i._$litPart$;if(s===void 0){let n=e?.renderBefore??null;i._$litPart$=s=new Z(t.insertBefore(nt(),n),n,void 0,e??{})}return s._$AI(r),s};var Lt=globalThis,x=class extends C{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let t=super.createRenderRoot();return this.renderOptions.renderBefore??=t.firstChild,t}update(t){let e=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(t),this._$Do=ye(e,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return q}};x._$litElement$=!0,x.finalized=!0,Lt.litElementHydrateSupport?.({LitElement:x});var si=Lt.litElementPolyfillSupport;si?.({LitElement:x});(Lt.litElementVersions??=[]).push("4.2.2");var ri={attribute:!0,type:String,converter:st,reflect:!1,hasChanged:ut},ni=(r=ri,t,e)=>{let{kind:i,metadata:s}=e,n=globalThis.litPropertyMetadata.get(s);if(n===void 0&&globalThis.litPropertyMetadata.set(s,n=new Map),i==="setter"&&((r=Object.create(r)).wrapped=!0),n.set(e.name,r),i==="accessor"){let{name:o}=e;return{set(d){let l=t.get.call(this);t.set.call(this,d),this.requestUpdate(o,l,r,!0,d)},init(d){return d!==void 0&&this.C(o,void 0,r,d),d}}}if(i==="setter"){let{name:o}=e;return function(d){let l=this[o];t.call(this,d),this.requestUpdate(o,l,r,!0,d)}}throw Error("Unsupported decorator location: "+i)};function m(r){return(t,e)=>typeof e=="object"?ni(r,t,e):((i,s,n)=>{let o=s.hasOwnProperty(n);return s.constructor.createProperty(n,i),o?Object.getOwnPropertyDescriptor(s,n):void 0})(r,t,e)}function k(r){return m({...r,state:!0,attribute:!1})}var G=(r,t,e)=>(e.configurable=!0,e.enumerable=!0,Reflect.decorate&&typeof t!="object"&&Object.defineProperty(r,t,e),e);function T(r,t){return(e,i,s)=>{let n=o=>o.renderRoot?.querySelector(r)??null;if(t){let{get:o,set:d}=typeof i=="object"?e:s??(()=>{let l=Symbol();return{get(){return this[l]},set(h){this[l]=h}}})();return G(e,i,{get(){let l=o.call(this);return l===void 0&&(l=n(this),(l!==null||this.hasUpdated)&&d.call(this,l)),l}})}return G(e,i,{get(){return n(this)}})}}var $e="mqtt_dispatch";function Dt(r){return"gone"in r}function Nt(r){return"station"in r&&r.station.loaded}function ve(r,t){return{type:`${$e}/subscribe`,device_id:r,language:t}}async function vt(r,t,e){return(await r.callService($e,t,e,void 0,!1,!0)).response}function U(r){let{message:t}=r??{};return t||String(r)}function v(r,t){customElements.get(r)||customElements.define(r,t)}function jt(r,t,e={}){r.dispatchEvent(new CustomEvent(t,{detail:e,bubbles:!0,composed:!0}))}function _e(r,t){jt(r,"hass-more-info",{entityId:t})}var _t=class{constructor(t,e,i){this.host=t;this.message=e;this.told=i;t.addController(this)}#e;#t;#n;#s=0;#i=!1;set hass(t){t?.connection!==this.#e&&(this.#l(),this.#e=t?.connection,this.#i&&this.#a())}hostConnected(){this.#i=!0,this.#a()}hostDisconnected(){this.#i=!1,this.#l()}restart(){this.#d(),this.#s=0,this.#i&&this.#r()}#o=()=>this.restart();#a(){this.#e?.addEventListener("ready",this.#o),this.#r()}#l(){this.#e?.removeEventListener("ready",this.#o),this.#d()}#d(){clearTimeout(this.#n),this.#t?.then(t=>t()).catch(()=>{}),this.#t=void 0}#r(){let t=this.message();if(this.#t||!this.#e||!t)return;let e=this.#e.subscribeMessage(i=>{this.#t===e&&(this.#s=0,this.error=void 0,this.told(i),this.host.requestUpdate())},t,{resubscribe:!1});this.#t=e,e.catch(i=>{if(this.#t!==e||(this.#t=void 0,this.error=i??{},this.host.requestUpdate(),i?.code==="unauthorized"))return;let s=Math.min(3e4,1e3*2**this.#s++);this.#n=setTimeout(()=>this.#r(),s)})}};var L=$`
  :host {
    display: block;
    color: var(--primary-text-color);
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  h3 {
    margin: 0;
    font-size: 0.875rem;
    font-weight: 500;
    color: var(--secondary-text-color);
  }
  * + h3 {
    margin-top: 12px;
  }
  p,
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--secondary-text-color);
    font-size: 0.875rem;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .wrap {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button,
  select {
    min-height: 44px;
    min-width: 44px;
    padding: 0 16px;
    border: 1px solid var(--divider-color);
    border-radius: 8px;
    background: transparent;
    color: var(--primary-text-color);
    font: inherit;
    cursor: pointer;
  }
  /* White on the theme's own colour is too faint to read. */
  button.main {
    border: 2px solid var(--primary-color);
    background: var(--secondary-background-color);
    background: color-mix(in srgb, var(--primary-color) 12%, transparent);
    font-weight: 500;
  }
  button.risky {
    border-color: var(--error-color);
    border-width: 2px;
  }
  button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button:focus-visible,
  select:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  ha-icon {
    flex: none;
    --mdc-icon-size: 20px;
    color: var(--secondary-text-color);
  }
  ha-icon.good {
    color: var(--success-color);
  }
  ha-icon.warning {
    color: var(--warning-color);
  }
  ha-icon.bad {
    color: var(--error-color);
  }
  .box {
    padding: 12px;
    border: 1px solid var(--divider-color);
    border-inline-start: 4px solid var(--warning-color);
    border-radius: 8px;
  }
  code {
    font-size: 0.9em;
  }
`;var lt="mqtt_dispatch",It=new Map;async function be(r){let t=It.get(r.language)??oi(r);It.set(r.language,t);try{return new zt(await t,r.language)}catch(e){throw It.delete(r.language),e}}async function oi(r){return await r.loadBackendTranslation("entity",[lt]),r.loadBackendTranslation("common",[lt])}var zt=class{constructor(t,e){this.localize=t;this.language=e;this.say=(t,e={})=>{let i=this.localize(`component.${lt}.common.${t}`,e);return i?ai(i,e):t};this.state=(t,e)=>this.localize(`component.${lt}.entity.${t}.state.${e}`)||e;this.stateOfAttribute=(t,e,i)=>this.localize(`component.${lt}.entity.${t}.state_attributes.${e}.state.${i}`)||i}};function ai(r,t){return r.replace(/\{(\w+)\}/g,(e,i)=>String(t[i]??e))}var we={idle:{icon:"mdi:check-circle",tone:"good"},waiting:{icon:"mdi:clock-outline",tone:"warning"},running:{icon:"mdi:progress-clock",tone:"plain"},unconfirmed:{icon:"mdi:help-circle",tone:"warning"},paused:{icon:"mdi:pause-circle",tone:"warning"},offline:{icon:"mdi:lan-disconnect",tone:"bad"},storage_error:{icon:"mdi:harddisk-remove",tone:"bad"}},xe={pending:{icon:"mdi:circle-outline",tone:"plain",word:"card_pending"},waiting:{icon:"mdi:clock-outline",tone:"warning",word:"card_waiting"},dispensing:{icon:"mdi:progress-clock",tone:"plain",word:"card_dispensing"},unconfirmed:{icon:"mdi:help-circle",tone:"warning",word:"card_unconfirmed"},fed:{icon:"mdi:check-circle",tone:"good",word:"became_fed"},skipped:{icon:"mdi:skip-next-circle",tone:"plain",word:"became_skipped"},missed:{icon:"mdi:alert-circle",tone:"bad",word:"became_missed"},failed:{icon:"mdi:close-circle",tone:"bad",word:"became_failed"},unknown:{icon:"mdi:help-circle-outline",tone:"plain",word:"card_unknown"}};function ke(r){let{status:t,ready:e}=r.station;return t==="idle"&&e===!1?{icon:"mdi:alert-circle",tone:"warning"}:we[t]??we.waiting}function Ae(r){return xe[r]??xe.unknown}function Se(r){return r.commands.open.filter(t=>t.state!=="unconfirmed")}function Te(r){return r.waits_in_words?[r.waits_in_words]:r.nodes.map(t=>t.in_words)}function bt(r){return r.split("`")}var H=class extends x{constructor(){super(...arguments);this.heading="";this.action="";this.back="";this.risky=!1}ask(){this.dialog.showModal()}render(){return a`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${()=>this.dialog.close()}>${this.back}</button>
        <button class=${this.risky?"risky":"main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`}confirm(){this.dialog.close(),this.dispatchEvent(new CustomEvent("confirmed"))}};H.styles=[L,$`
      dialog {
        max-width: min(28rem, calc(100vw - 32px));
        padding: 24px;
        border: 0;
        border-radius: 12px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 1.25rem;
        font-weight: 500;
      }
      .wrap {
        justify-content: flex-end;
        margin-top: 24px;
      }
    `],p([m()],H.prototype,"heading",2),p([m()],H.prototype,"action",2),p([m()],H.prototype,"back",2),p([m({type:Boolean})],H.prototype,"risky",2),p([T("dialog")],H.prototype,"dialog",2);v("mqtt-dispatch-confirm",H);var b=class extends x{constructor(){super(...arguments);this.now=0;this.still=!1;this.refusal="";this.doing=!1}get held(){return this.still||this.doing||!this.picture.station.may_control}async order(e,i){return this.attempt(()=>vt(this.hass,e,{device_id:this.picture.station.device_id,...i}))}async attempt(e){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await e(),!0}catch(i){return this.refusal=U(i),!1}finally{this.doing=!1}}};b.styles=[L],p([m({attribute:!1})],b.prototype,"hass",2),p([m({attribute:!1})],b.prototype,"words",2),p([m({attribute:!1})],b.prototype,"picture",2),p([m({type:Number})],b.prototype,"now",2),p([m({type:Boolean})],b.prototype,"still",2),p([k()],b.prototype,"refusal",2),p([k()],b.prototype,"doing",2);var J=class extends b{render(){let{doubt:t}=this;return a`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${t.in_words}</p>
      <ul>
        ${t.evidence.map(e=>a`<li class="quiet">${li(e)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded","card_happened",()=>this.resolve("succeeded"))}
        ${this.button("failed","card_not_happened",()=>this.resolve("failed"))}
        ${this.button("resend","card_send_again",()=>this.dialog.ask())}
      </div>
      ${t.answers.length?c:a`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${t.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`}button(t,e,i){return this.doubt.answers.includes(t)?a`<button ?disabled=${this.still} @click=${i}>${this.words.say(e)}</button>`:c}resolve(t){this.order("resolve_command",{command_id:this.doubt.command_id,outcome:t})}};J.styles=[...b.styles,$`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `],p([m({attribute:!1})],J.prototype,"doubt",2),p([T("mqtt-dispatch-confirm")],J.prototype,"dialog",2);function li(r){return bt(r).map((t,e)=>e%2?a`<code>${t}</code>`:t)}v("mqtt-dispatch-doubt",J);function Wt(r,t){return wt(r,t,{hour:"numeric",minute:"2-digit"})}function D(r,t,e){let i={year:"numeric",month:"numeric",day:"numeric"};return wt(r,t,i)===wt(r,e,i)?Wt(r,t):wt(r,t,{weekday:"short",day:"numeric",month:"short",hour:"numeric",minute:"2-digit"})}function Ee(r,t){if(t<=0)return"";let e=[[Math.floor(t/86400),"day"],[Math.floor(t%86400/3600),"hour"],[Math.floor(t%3600/60),"minute"],[Math.floor(t%60),"second"]],i=e.findIndex(([n])=>n>0);return e.slice(i,i+2).filter(([n,o])=>n>0&&(o!=="second"||t<600)).map(([n,o])=>new Intl.NumberFormat(r.language,{style:"unit",unit:o,unitDisplay:"short"}).format(n)).join(" ")}function wt(r,t,e){let{language:i,time_format:s}=r.locale,n=s==="12"?!0:s==="24"?!1:void 0,o="hour"in e&&n!==void 0?{...e,hour12:n}:e,d=r.config.time_zone;return new Intl.DateTimeFormat(s==="system"?void 0:i,{...o,timeZone:d}).format(t*1e3)}var di=86400;function Bt(r,t){let e=Date.parse(`${r}T00:00:00Z`)/1e3,i=e-Re(e,t);return e-Re(i,t)}function Ce(r,t){let e=new Date(Date.parse(`${r}T00:00:00Z`)+di*1e3);return Bt(e.toISOString().slice(0,10),t)}function Re(r,t){let e=new Intl.DateTimeFormat("en-US",{timeZone:t,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(r*1e3),i=n=>Number(e.find(o=>o.type===n)?.value);return Date.UTC(i("year"),i("month")-1,i("day"),i("hour"),i("minute"),i("second"))/1e3-Math.floor(r)}function Ft(r,t){return new Intl.DateTimeFormat(r.locale.language,{weekday:"long",day:"numeric",month:"long",timeZone:"UTC"}).format(Date.parse(`${t}T12:00:00Z`))}function Vt(r,t){return t>=10?Ee(r,t):new Intl.NumberFormat(r.language,{style:"unit",unit:"second",unitDisplay:"short",maximumFractionDigits:1}).format(Math.max(0,t))}function Gt(r,t,e){return r.callWS({type:`mqtt_dispatch/${t}`,language:r.language,...e})}function Kt(r,t,e,i){let s=r.config.time_zone,{node:n,kind:o,state:d,from:l,to:h}=e;return Gt(r,"history",{device_id:t,limit:50,...n&&{node:n},...o&&{kind:o},...d&&{state:d},...l&&{since:Bt(l,s)},...h&&{until:Ce(h,s)},...i&&{before:i}})}function Me(r,t,e){return Gt(r,"command",{device_id:t,command_id:e})}function qe(r,t){return Gt(r,"plan",{device_id:t})}var N=class{constructor(t,e){this.host=t;this.ask=e;this.error="";this.#t=0;t.addController(this)}#e;#t;hostConnected(){}follow(t){t!==this.#e&&(this.#e=t,this.again())}async again(){this.#t+=1;let t=this.#t;try{let e=await this.ask();if(t!==this.#t)return;this.value=e,this.error=""}catch(e){if(t!==this.#t)return;this.error=U(e)}this.host.requestUpdate()}};var _=class extends x{constructor(){super(...arguments);this.pictures=[];this.now=0;this.still=!1}problem(e){return e.error?a`<section role="alert">
      <p>${e.error}</p>
      <div>
        <button @click=${()=>{e.again()}}>${this.words.say("panel_try_again")}</button>
      </div>
    </section>`:c}stateOf(e){return this.words.stateOfAttribute("event.command","event_type",e)}};_.styles=[L,$`
      h2 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      section,
      form,
      .panel {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        background: var(--card-background-color);
      }
      .stack {
        display: grid;
        gap: 16px;
      }
      .fields {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: end;
      }
      label {
        display: grid;
        gap: 4px;
        min-width: 0;
        font-size: 0.875rem;
        color: var(--secondary-text-color);
      }
      input,
      select {
        min-height: 44px;
        max-width: 100%;
        padding: 0 8px;
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        background: var(--card-background-color);
        color: var(--primary-text-color);
        color-scheme: light dark;
        font: inherit;
        font-size: 1rem;
      }
      input:focus-visible,
      a:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: 2px;
      }
      a {
        color: var(--primary-text-color);
        text-decoration-color: var(--primary-color);
      }
    `],p([m({attribute:!1})],_.prototype,"hass",2),p([m({attribute:!1})],_.prototype,"words",2),p([m({attribute:!1})],_.prototype,"pictures",2),p([m({type:Number})],_.prototype,"now",2),p([m({type:Boolean})],_.prototype,"still",2);var He="/mqtt-dispatch",Zt=["now","history","plan","nodes"],Pe=["station","node","kind","state","from","to"];function Jt(r){let[t,e,i]=r.split("/").filter(Boolean);return t==="command"&&e&&/^\d+$/.test(i??"")?{page:"command",entry:decodeURIComponent(e),id:Number(i)}:{page:Zt.find(s=>s===t)??"now"}}function Y(r){return`${He}/${r}`}function Q(r,t){return`${He}/command/${encodeURIComponent(r)}/${t}`}function Oe(r){let t=new URLSearchParams(r),e=Object.fromEntries(Pe.map(i=>[i,t.get(i)??""]));for(let i of["from","to"])/^\d{4}-\d{2}-\d{2}$/.test(e[i]??"")||(e[i]="");return e}function Ue(r){let t=new URLSearchParams;for(let i of Pe)r[i]&&t.set(i,r[i]);let e=t.toString();return e?`?${e}`:""}function Yt(r,t=!1){t?history.replaceState(null,"",r):history.pushState(null,"",r),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:t}}))}function A(r){let t=r.currentTarget;r.button||r.ctrlKey||r.metaKey||r.shiftKey||(r.preventDefault(),Yt(t.pathname+t.search))}var ci={pending:"panel_step_pending",done:"panel_step_done",unknown:"panel_step_unknown"},X=class extends _{constructor(){super(...arguments);this.entry="";this.command=0;this.told=new N(this,()=>Me(this.hass,this.picture?.station.device_id??"",this.command))}get picture(){return this.pictures.find(({station:e})=>e.entry_id===this.entry)}willUpdate(e){let{picture:i}=this;if(!i)return;let s=i.commands.open.find(({id:o})=>o===this.command),n=s?0:i.commands.more;this.told.follow(JSON.stringify([this.entry,this.command,this.hass.language,s,n]))}render(){let{words:e,picture:i}=this,s=this.told.value?.id===this.command?this.told.value:void 0;return a`<div class="stack">
      <a href=${Y("history")} @click=${A}>${e.say("panel_back")}</a>
      ${i?c:a`<section><p>${e.say("card_gone")}</p></section>`}
      ${this.problem(this.told)}
      ${s&&i?a`${this.head(s,i)} ${this.steps(s)}`:c}
    </div>`}head(e,i){let{words:s,hass:n,now:o,still:d}=this,l=i.doubts.find(({command_id:g})=>g===e.id),h=e.ended_at===null?null:e.ended_at-e.created_at;return a`<section>
      <h2>${e.in_words}</h2>
      <p>
        ${e.station} · ${this.stateOf(e.state)}${h===null?"":` · ${s.say("panel_after",{time:Vt(s,h)})}`}
      </p>
      <ul>
        ${e.deliveries.map(g=>a`<li>${pi(g)}</li>`)}
      </ul>
      ${e.finishes?a`<p>
              <a href=${Q(this.entry,e.finishes)} @click=${A}
                >${s.say("panel_finishes",{command_id:e.finishes})}</a
              >
            </p>`:c}
      ${l?a`<mqtt-dispatch-doubt
              .hass=${n} .words=${s} .picture=${i} .now=${o} .still=${d}
              .doubt=${l}
            ></mqtt-dispatch-doubt>`:c}
    </section>`}steps(e){let{words:i}=this;return a`<section>
      <h2 id="steps">${i.say("panel_timeline")}</h2>
      <div class="scroll" role="region" aria-labelledby="steps" tabindex="0">
        <table>
          <thead>
            <tr>
              ${["panel_when","panel_later","panel_filter_node","panel_filter_state","panel_why"].map(s=>a`<th scope="col">${i.say(s)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${e.timeline.map((s,n)=>this.step(s,e.timeline[n-1]))}
          </tbody>
        </table>
      </div>
    </section>`}stepState(e){let i=ci[e];return i?this.words.say(i):this.stateOf(e)}step(e,i){let{words:s}=this;return a`<tr>
      <td>${D(this.hass,e.at,this.now)}</td>
      <td>${i?`+${Vt(s,e.at-i.at)}`:""}</td>
      <td>${e.node??""}</td>
      <td>${this.stepState(e.state)}</td>
      <td>${s.say(`panel_cause_${e.cause}`)}${e.detail?a`: ${e.detail}`:c}</td>
    </tr>`}};X.styles=[..._.styles,$`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        padding: 6px 12px 6px 0;
        border-block-end: 1px solid var(--divider-color);
        text-align: start;
        vertical-align: top;
      }
      th {
        font-weight: 500;
        color: var(--secondary-text-color);
      }
      td:nth-child(-n + 2) {
        white-space: nowrap;
      }
    `],p([m()],X.prototype,"entry",2),p([m({type:Number})],X.prototype,"command",2);function pi(r){return bt(r).map((t,e)=>e%2?a`<code>${t}</code>`:t)}v("mqtt-dispatch-page-command",X);var Le={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},De=r=>(...t)=>({_$litDirective$:r,values:t}),xt=class{constructor(t){}get _$AU(){return this._$AM._$AU}_$AT(t,e,i){this._$Ct=t,this._$AM=e,this._$Ci=i}_$AS(t,e){return this.update(t,e)}update(t,e){return this.render(...e)}};var{I:ui}=ge,Ne=r=>r;var je=()=>document.createComment(""),tt=(r,t,e)=>{let i=r._$AA.parentNode,s=t===void 0?r._$AB:t._$AA;if(e===void 0){let n=i.insertBefore(je(),s),o=i.insertBefore(je(),s);e=new ui(n,o,r,r.options)}else{let n=e._$AB.nextSibling,o=e._$AM,d=o!==r;if(d){let l;e._$AQ?.(r),e._$AM=r,e._$AP!==void 0&&(l=r._$AU)!==o._$AU&&e._$AP(l)}if(n!==s||d){let l=e._$AA;for(;l!==n;){let h=Ne(l).nextSibling;Ne(i).insertBefore(l,s),l=h}}}return e},j=(r,t,e=r)=>(r._$AI(t,e),r),hi={},Ie=(r,t=hi)=>r._$AH=t,ze=r=>r._$AH,kt=r=>{r._$AR(),r._$AA.remove()};var We=(r,t,e)=>{let i=new Map;for(let s=t;s<=e;s++)i.set(r[s],s);return i},S=De(class extends xt{constructor(r){if(super(r),r.type!==Le.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,t,e){let i;e===void 0?e=t:t!==void 0&&(i=t);let s=[],n=[],o=0;for(let d of r)s[o]=i?i(d,o):o,n[o]=e(d,o),o++;return{values:n,keys:s}}render(r,t,e){return this.dt(r,t,e).values}update(r,[t,e,i]){let s=ze(r),{values:n,keys:o}=this.dt(t,e,i);if(!Array.isArray(s))return this.ut=o,n;let d=this.ut??=[],l=[],h,g,u=0,y=s.length-1,f=0,w=n.length-1;for(;u<=y&&f<=w;)if(s[u]===null)u++;else if(s[y]===null)y--;else if(d[u]===o[f])l[f]=j(s[u],n[f]),u++,f++;else if(d[y]===o[w])l[w]=j(s[y],n[w]),y--,w--;else if(d[u]===o[w])l[w]=j(s[u],n[w]),tt(r,l[w+1],s[u]),u++,w--;else if(d[y]===o[f])l[f]=j(s[y],n[f]),tt(r,s[u],s[y]),y--,f++;else if(h===void 0&&(h=We(o,f,w),g=We(d,u,y)),h.has(d[u]))if(h.has(d[y])){let R=g.get(o[f]),Et=R!==void 0?s[R]:null;if(Et===null){let Xt=tt(r,s[u]);j(Xt,n[f]),l[f]=Xt}else l[f]=j(Et,n[f]),tt(r,s[u],Et),s[R]=null;f++}else kt(s[y]),y--;else kt(s[u]),u++;for(;f<=w;){let R=tt(r,l[w+1]);j(R,n[f]),l[f++]=R}for(;u<=y;){let R=s[u++];R!==null&&kt(R)}return this.ut=o,Ie(r,l),q}});var mi=["queued","sent","accepted","unconfirmed","succeeded","failed","rejected","expired","cancelled","superseded"],Be={station:"panel_filter_station",node:"panel_filter_node",kind:"panel_filter_kind",state:"panel_filter_state",from:"panel_filter_from",to:"panel_filter_to"},I=class extends _{constructor(){super(...arguments);this.more=[];this.next=null;this.refusal="";this.asked=0;this.first=new N(this,async()=>{this.asked+=1;let e=await Kt(this.hass,this.device,this.filters,null);return this.more=[],this.next=e.next,e})}get device(){return this.pictures.find(({station:i})=>i.entry_id===this.filters.station)?.station.device_id??"all"}willUpdate(e){let i=this.pictures.map(({station:s,commands:n})=>[s.entry_id,n.open.map(({id:o,state:d})=>[o,d]),n.more]);this.first.follow(JSON.stringify([this.filters,this.hass.language,i]))}render(){let{value:e}=this.first,i=[...e?.commands??[],...this.more];return a`<div class="stack">
      ${this.form()} ${this.problem(this.first)}
      ${e?this.list(i):c}
    </div>`}list(e){return e.length?a`<section>
      <ul>
        ${S(e,i=>`${i.entry_id} ${i.id}`,i=>this.row(i))}
      </ul>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      ${this.next?a`<div>
              <button @click=${this.older}>${this.words.say("panel_older")}</button>
            </div>`:c}
    </section>`:a`<section><p>${this.words.say("panel_no_command")}</p></section>`}row(e){return a`<li>
      <a href=${Q(e.entry_id,e.id)} @click=${A}>${e.in_words}</a>
      <span class="state">${this.stateOf(e.state)}</span>
      <span class="quiet">${e.station} · ${e.nodes.join(", ")}</span>
      <span class="quiet state">${D(this.hass,e.created_at,this.now)}</span>
    </li>`}form(){let{filters:e,words:i,pictures:s}=this,o=s.filter(({station:l})=>l.entry_id===e.station).flatMap(l=>l.nodes),d=new Map((this.first.value?.commands??[]).map(({kind:l,kind_in_words:h})=>[l,h]));return e.kind&&!d.has(e.kind)&&d.set(e.kind,e.kind),a`<form aria-label=${i.say("panel_filters")} @submit=${l=>l.preventDefault()}>
      <div class="fields">
        ${this.choice("station",s.map(({station:l})=>[l.entry_id,l.title]))}
        ${o.length>1?this.choice("node",o.map(({node:l,title:h})=>[l,h])):c}
        ${this.choice("kind",[...d])}
        ${this.choice("state",mi.map(l=>[l,this.stateOf(l)]))}
        ${this.day("from")} ${this.day("to")}
      </div>
    </form>`}choice(e,i){let{filters:s,words:n}=this;return a`<label
      >${n.say(Be[e])}
      <select
        name=${e}
        @change=${o=>this.filter(e,o.target.value)}
      >
        <option value="" ?selected=${!s[e]}>${n.say("panel_any")}</option>
        ${i.map(([o,d])=>a`<option value=${o} ?selected=${s[e]===o}>${d}</option>`)}
      </select></label
    >`}day(e){return a`<label
      >${this.words.say(Be[e])}
      <input
        type="date"
        name=${e}
        .value=${this.filters[e]}
        @change=${i=>this.filter(e,i.target.value)}
      /></label
    >`}filter(e,i){let s={...this.filters,[e]:i};e==="station"&&(s.node=""),Yt(Y("history")+Ue(s),!0)}async older(){let{asked:e}=this;try{let i=await Kt(this.hass,this.device,this.filters,this.next);if(e!==this.asked)return;this.more=[...this.more,...i.commands],this.next=i.next,this.refusal=""}catch(i){this.refusal=U(i)}}};I.styles=[..._.styles,$`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 16px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
      li:last-child {
        border-block-end: 0;
      }
      .state {
        text-align: end;
      }
      a {
        display: inline-block;
        padding-block: 4px;
      }
    `],p([m({attribute:!1})],I.prototype,"filters",2),p([k()],I.prototype,"more",2),p([k()],I.prototype,"next",2),p([k()],I.prototype,"refusal",2);v("mqtt-dispatch-page-history",I);var fi="https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/node.md",gi={here:"panel_here",awaited:"panel_awaited",gone:"panel_gone"},At=class extends _{render(){let{words:t}=this;return a`<div class="stack">
      ${S(this.pictures,({station:e})=>e.entry_id,e=>this.station(e))}
      <section>
        <h2>${t.say("panel_first_node")}</h2>
        <p>${t.say("panel_first_node_text")}</p>
        <p>
          <a href=${fi} target="_blank" rel="noreferrer">${t.say("panel_guide")}</a>
        </p>
      </section>
    </div>`}station({station:t,nodes:e}){return a`<section>
      <h2>${t.title}</h2>
      <p class="quiet">${t.protocol_in_words}</p>
      ${e.length?c:a`<p>${this.words.say("panel_no_node")}</p>`}
      <ul>
        ${S(e,({node:i})=>i,i=>this.node(i))}
      </ul>
    </section>`}node(t){let{words:e,hass:i,now:s}=this,n=t.ready===null?"":e.state("binary_sensor.ready",t.ready?"on":"off");return a`<li>
      ${t.device_id?a`<a href=${`/config/devices/device/${t.device_id}`} @click=${A}
              >${t.title}</a
            >`:a`<span>${t.title}</span>`}
      <span>${[e.say(gi[t.presence]),n].filter(Boolean).join(" · ")}</span>
      ${t.why_in_words?a`<span class="quiet">${t.why_in_words}</span>`:c}
      <span class="quiet"
        >${t.last_seen===null?e.say("panel_never_seen"):e.say("panel_last_seen",{time:D(i,t.last_seen,s)})}</span
      >
    </li>`}};At.styles=[..._.styles,$`
      li {
        display: grid;
        gap: 2px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
      li:last-child {
        border-block-end: 0;
      }
    `];v("mqtt-dispatch-page-nodes",At);var K=class extends b{render(){let{pause:t,plan_pause:e}=this.picture.station,{say:i}=this.words;return a`
      <div class="wrap">
        ${t||e?a`<button ?disabled=${this.held} @click=${this.resume}>
                ${i("card_resume")}
              </button>`:a`<button ?disabled=${this.held} @click=${()=>this.dialog.ask()}>
                ${i("card_pause")}
              </button>`}
      </div>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        .heading=${i("card_pause")}
        .action=${i("card_pause")}
        .back=${i("card_back")}
        @confirmed=${this.pause}
      >
        <label
          >${i("card_pause_what")}
          <select id="what">
            <option value="station">${i("card_pause_station")}</option>
            <option value="plan">${i("card_pause_plan")}</option>
          </select></label
        >
        <label
          >${i("card_how_long")}
          <select id="long">
            <option value="01:00:00">${i("card_for_hour")}</option>
            <option value="24:00:00">${i("card_for_day")}</option>
            <option value="">${i("card_until_resumed")}</option>
          </select></label
        >
      </mqtt-dispatch-confirm>
    `}pause(){let t=this.long.value;this.order("pause",{what:this.what.value,...t?{for:t}:{}})}async resume(){let{pause:t,plan_pause:e}=this.picture.station;t&&!await this.order("resume",{what:"station"})||e&&await this.order("resume",{what:"plan"})}};K.styles=[...b.styles,$`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `],p([T("mqtt-dispatch-confirm")],K.prototype,"dialog",2),p([T("#what")],K.prototype,"what",2),p([T("#long")],K.prototype,"long",2);v("mqtt-dispatch-pause",K);var St=class extends b{render(){let t=Se(this.picture),{more:e}=this.picture.commands;return a`
      <h3>${this.words.say("card_queue")}</h3>
      ${t.length?c:a`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${t.map(i=>this.command(i))}
      </ul>
      ${e?a`<p class="quiet">
              ${this.words.say(e===1?"one_more":"more",{number:e})}
            </p>`:c}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
    `}command(t){let e=t.waits_in_words!==null;return a`<li>
      <div class="row">
        <ha-icon .icon=${e?"mdi:clock-outline":"mdi:progress-clock"}></ha-icon>
        <span class="grow">${t.in_words}</span>
        ${t.may.includes("cancel")?a`<button
                ?disabled=${this.still}
                aria-label=${this.words.say("card_cancel",{command_id:t.id})}
                @click=${()=>this.order("cancel_command",{command_id:t.id})}
              >
                <ha-icon icon="mdi:close"></ha-icon>
              </button>`:c}
      </div>
      ${Te(t).map(i=>a`<p class="quiet wait">${i}</p>`)}
    </li>`}};St.styles=[...b.styles,$`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `];v("mqtt-dispatch-queue",St);var Tt=class extends b{render(){let{station:t}=this.picture,{icon:e,tone:i}=ke(this.picture);return a`
      <div class="row">
        <ha-icon class=${i} .icon=${e}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map(s=>a`<p class="quiet" role="alert">${s}</p>`)}
      ${this.unready()}
      ${t.last_fed===null?c:a`<p class="quiet">
              ${this.words.say("card_last_fed",{time:D(this.hass,t.last_fed,this.now)})}
              · ${this.words.say("card_portions_today",{number:t.portions_today})}
            </p>`}
    `}line(){let{status:t,ready:e}=this.picture.station,i=this.words.state("sensor.status",t);return e===null?i:`${this.words.state("binary_sensor.ready",e?"on":"off")} · ${i}`}troubles(){let{pause:t,plan_pause:e,storage_ok:i,overdue:s}=this.picture.station,n=[t,e].map(o=>o?.in_words??"");return[i?"":this.words.say("card_storage"),...n,...s].filter(Boolean)}unready(){let t=this.picture.nodes.map(e=>e.why_in_words).filter(e=>e);return t.length?a`<ul class="quiet">
      ${t.map(e=>a`<li>${e}</li>`)}
    </ul>`:c}more(){let{status:t}=this.picture.station.entities;t&&_e(this,t)}};Tt.styles=[...b.styles,$`
      .line {
        font-weight: 500;
      }
      ul {
        padding-inline-start: 28px;
      }
      button {
        padding: 0;
        border: 0;
        text-align: start;
      }
    `];v("mqtt-dispatch-status",Tt);var Qt=class extends _{render(){return this.pictures.length?a`<div class="stack">
      ${S(this.pictures,t=>t.station.entry_id,t=>a`<mqtt-dispatch-now-station
          .hass=${this.hass} .words=${this.words} .picture=${t}
          .now=${Math.floor(this.now/60)*60} .still=${this.still}
        ></mqtt-dispatch-now-station>`)}
    </div>`:a`<section><p>${this.words.say("panel_no_station")}</p></section>`}},P=class extends x{constructor(){super(...arguments);this.now=0;this.still=!1}render(){let{hass:e,words:i,picture:s,now:n,still:o}=this,{station:d,doubts:l,commands:h}=s;return a`<section aria-labelledby="title">
      <h2 id="title">${d.title}</h2>
      <mqtt-dispatch-status
        .hass=${e} .words=${i} .picture=${s} .now=${n} .still=${o}
      ></mqtt-dispatch-status>
      ${S(l,g=>g.command_id,g=>a`<mqtt-dispatch-doubt
          .hass=${e} .words=${i} .picture=${s} .now=${n} .still=${o}
          .doubt=${g}
        ></mqtt-dispatch-doubt>`)}
      ${h.open.length?a`<mqtt-dispatch-queue
              .hass=${e} .words=${i} .picture=${s} .now=${n} .still=${o}
            ></mqtt-dispatch-queue>`:c}
      <mqtt-dispatch-pause
        .hass=${e} .words=${i} .picture=${s} .now=${n} .still=${o}
      ></mqtt-dispatch-pause>
    </section>`}};P.styles=_.styles,p([m({attribute:!1,hasChanged:()=>!1})],P.prototype,"hass",2),p([m({attribute:!1})],P.prototype,"words",2),p([m({attribute:!1})],P.prototype,"picture",2),p([m({type:Number})],P.prototype,"now",2),p([m({type:Boolean})],P.prototype,"still",2);v("mqtt-dispatch-now-station",P);v("mqtt-dispatch-page-now",Qt);var O=class extends _{constructor(){super(...arguments);this.entry="";this.refusal="";this.doing=!1;this.told=new N(this,()=>qe(this.hass,this.picture?.station.device_id??""));this.add=async e=>{e.preventDefault();let i=e.target,s=new FormData(i),n=String(s.get("name")??"").trim();await this.change("schedule",{...n&&{name:n},time:s.get("time"),portions:Number(s.get("portions"))})&&i.reset()}}get picture(){let{pictures:e}=this;return e.find(({station:i})=>i.entry_id===this.entry)??e.find(({meals:i})=>i.planned)??e.find(({feeding:i})=>i)??e[0]}get held(){return this.still||this.doing||!this.told.value?.may_control}willUpdate(e){let{picture:i}=this;if(!i)return;let{station:s,meals:n}=i;this.told.follow(JSON.stringify([s.entry_id,s.plan_pause,this.hass.language,n]))}render(){let{words:e,picture:i}=this,{value:s}=this.told;return i?a`<div class="stack">
      ${this.choice(i)} ${this.problem(this.told)}
      ${this.refusal?a`<section role="alert"><p>${this.refusal}</p></section>`:c}
      ${i.station.plan_pause?a`<section><p>${i.station.plan_pause.in_words}</p></section>`:c}
      ${s?a`${this.days(s,i)} ${this.meals(s)}`:c}
      ${s&&i.feeding?.whole_station?this.put(i):c}
      <mqtt-dispatch-confirm
        risky
        .heading=${e.say("panel_remove")}
        .action=${e.say("panel_remove")}
        .back=${e.say("card_back")}
        @confirmed=${()=>this.removing&&void this.change("unschedule",{meal_id:this.removing.meal_id})}
        ><p>${this.removing?.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`:a`<section><p>${e.say("panel_no_station")}</p></section>`}choice(e){return a`<form @submit=${i=>i.preventDefault()}>
      <label
        >${this.words.say("panel_filter_station")}
        <select
          @change=${i=>{this.entry=i.target.value,this.refusal=""}}
        >
          ${this.pictures.map(({station:i})=>a`<option
                value=${i.entry_id}
                ?selected=${i.entry_id===e.station.entry_id}
              >
                ${i.title}
              </option>`)}
        </select></label
      >
    </form>`}days(e,i){let s=new Map;for(let n of e.dates)s.set(n.date,[...s.get(n.date)??[],n]);return s.size?a`<div class="days">
      ${S(s,([n])=>n,([n,o])=>a`<section>
          <h2>${Ft(this.hass,n)}</h2>
          <ul>
            ${o.map(d=>this.date(d,i))}
          </ul>
        </section>`)}
    </div>`:a`<section><p>${this.words.say("card_no_next")}</p></section>`}date(e,i){let{words:s}=this,n=Ae(e.state),o=Wt(this.hass,e.at),d={meal:e.title,clock:o};return a`<li>
      <div class="row">
        <ha-icon class=${n.tone} .icon=${n.icon}></ha-icon>
        <span class="grow"
          >${o} ${e.in_words}
          <span class="quiet"
            >${e.node?`${e.node} · `:""}${e.command_id?a`<a
                    href=${Q(i.station.entry_id,e.command_id)}
                    @click=${A}
                    >${s.say(n.word)}</a
                  >`:s.say(n.word)}${e.why?a` · ${e.why}`:c}</span
          ></span
        >
        ${e.may.map(l=>a`<button
            ?disabled=${this.held}
            aria-label=${`${s.say(`card_${l}`,d)}, ${Ft(this.hass,e.date)}`}
            @click=${()=>this.change(`${l}_meal`,{meal_id:e.meal_id,date:e.date})}
          >
            ${s.say(l==="skip"?"card_skip_short":"card_undo")}
          </button>`)}
      </div>
    </li>`}meals(e){let{words:i}=this;return e.meals.length?a`<section aria-labelledby="meals">
      <h2 id="meals">${i.say("panel_every_meal")}</h2>
      <ul>
        ${S(e.meals,s=>s.meal_id,s=>a`<li>
            <form aria-label=${s.in_words} @submit=${n=>this.move(n,s)}>
              <p>${s.in_words}</p>
              <div class="fields">
                ${s.time?a`<label
                          >${i.say("panel_time")}
                          <input name="time" type="time" required .value=${s.time.slice(0,5)} ?disabled=${this.held}
                        /></label>
                        <button ?disabled=${this.held}>${i.say("panel_move")}</button>`:c}
                <button
                  type="button"
                  ?disabled=${this.held}
                  @click=${()=>{this.removing=s,this.dialog.ask()}}
                >
                  ${i.say("panel_remove")}
                </button>
              </div>
            </form>
          </li>`)}
      </ul>
    </section>`:c}put(e){let{words:i}=this,{minimum:s=1,maximum:n=50}=e.feeding??{};return a`<form aria-labelledby="put" @submit=${this.add}>
      <h2 id="put">${i.say("panel_put")}</h2>
      <div class="fields">
        <label>${i.say("panel_name")} <input name="name" maxlength="100" ?disabled=${this.held} /></label>
        <label
          >${i.say("panel_time")}
          <input name="time" type="time" required ?disabled=${this.held}
        /></label>
        <label
          >${i.say("panel_portions")}
          <input
            name="portions" type="number" required
            min=${s} max=${n} value=${s} ?disabled=${this.held}
        /></label>
        <button ?disabled=${this.held}>${i.say("panel_put_daily")}</button>
      </div>
    </form>`}move(e,i){e.preventDefault();let s=new FormData(e.target).get("time");this.change("schedule",{meal_id:i.meal_id,time:s})}async change(e,i){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await vt(this.hass,e,{device_id:this.picture?.station.device_id,...i}),this.told.again(),!0}catch(s){return this.refusal=U(s),!1}finally{this.doing=!1}}};O.styles=[..._.styles,$`
      .days {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 16px;
      }
      li {
        padding-block: 4px;
      }
      .days h2 {
        font-size: 1rem;
      }
      section form {
        padding: 0;
        border: 0;
      }
    `],p([k()],O.prototype,"entry",2),p([k()],O.prototype,"refusal",2),p([k()],O.prototype,"doing",2),p([k()],O.prototype,"removing",2),p([T("mqtt-dispatch-confirm")],O.prototype,"dialog",2);v("mqtt-dispatch-page-plan",O);var yi={now:"panel_now",history:"panel_history",plan:"panel_plan",nodes:"panel_nodes"},E=class extends x{constructor(){super(...arguments);this.narrow=!1;this.outdated=!1;this.ahead=0;this.live=new _t(this,()=>this.hass?ve("all",this.hass.language):void 0,e=>this.take(e));this.moved=()=>this.requestUpdate()}connectedCallback(){super.connectedCallback(),window.addEventListener("location-changed",this.moved),window.addEventListener("popstate",this.moved),this.ticking=setInterval(()=>document.hidden||this.requestUpdate(),6e4)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("location-changed",this.moved),window.removeEventListener("popstate",this.moved),clearInterval(this.ticking)}shouldUpdate(e){if(e.size!==1||!e.has("hass"))return!0;let i=e.get("hass"),{hass:s}=this;return i?.language!==s?.language||i?.locale!==s?.locale||i?.connection!==s?.connection||i?.config!==s?.config}willUpdate(e){if(!e.has("hass")||!this.hass)return;this.live.hass=this.hass;let i=e.get("hass");i?.language!==this.hass.language&&(i&&this.live.restart(),this.speak(this.hass))}render(){let{hass:e,words:i}=this;if(!e||!i)return c;let s=Jt(this.route?.path??""),n=s.page==="command"?"history":s.page;return a`
      <header>
        <div class="bar">${this.menu(e)}<h1>MQTT Dispatch</h1></div>
        <nav aria-label="MQTT Dispatch">
          ${Zt.map(o=>a`<a
              href=${Y(o)}
              aria-current=${o===n?"page":c}
              @click=${A}
              >${i.say(yi[o])}</a
            >`)}
        </nav>
      </header>
      <main>
        ${this.notes(i)}
        ${this.seen?a`<div class=${this.live.error?"old":""}>${this.page(e,i)}</div>`:c}
      </main>
    `}menu(e){return customElements.get("ha-menu-button")?a`<ha-menu-button .hass=${e} .narrow=${this.narrow}></ha-menu-button>`:a`<button class="menu" aria-label="Menu" @click=${()=>jt(this,"hass-toggle-menu")}>
      <ha-icon icon="mdi:menu"></ha-icon>
    </button>`}notes(e){let{error:i}=this.live,s=[];if(i){let n=this.hass?.config.state,o=n!==void 0&&n!=="RUNNING",d=i.message??String(i.code??"");s.push(e.say(o?"card_starting":"card_not_shown",{reason:d}))}this.outdated&&s.push(e.say("card_updated"));for(let n of this.seen?.values()??[])Dt(n)||Nt(n)||s.push(e.say("card_not_loaded",{station:n.station.title}));return s.map(n=>a`<p class="note" role="alert">${n}</p>`)}page(e,i){let s=Jt(this.route?.path??""),n=this.pictures(),o=Date.now()/1e3+this.ahead,d=!!this.live.error;switch(s.page){case"now":return a`<mqtt-dispatch-page-now
          .hass=${e} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-now>`;case"history":return a`<mqtt-dispatch-page-history
          .hass=${e} .words=${i} .pictures=${n} .now=${o} .still=${d}
          .filters=${Oe(location.search)}
        ></mqtt-dispatch-page-history>`;case"plan":return a`<mqtt-dispatch-page-plan
          .hass=${e} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-plan>`;case"nodes":return a`<mqtt-dispatch-page-nodes
          .hass=${e} .words=${i} .pictures=${n} .now=${o} .still=${d}
        ></mqtt-dispatch-page-nodes>`;case"command":return a`<mqtt-dispatch-page-command
          .hass=${e} .words=${i} .pictures=${n} .now=${o} .still=${d}
          .entry=${s.entry} .command=${s.id}
        ></mqtt-dispatch-page-command>`}}pictures(){return[...this.seen?.values()??[]].filter(Nt).sort((e,i)=>e.station.title.localeCompare(i.station.title))}take(e){this.ahead=e.now-Date.now()/1e3,this.outdated=e.version!=="0.1.0";let i=new Map(this.seen);for(let s of e.pictures)Dt(s)?i.delete(s.gone):i.set(s.station.entry_id,s);this.seen=i}async speak(e){try{this.words=await be(e)}catch{setTimeout(()=>this.isConnected&&this.hass&&void this.speak(this.hass),2e3)}}};E.styles=[L,$`
      :host {
        min-height: 100vh;
        background: var(--primary-background-color);
      }
      header {
        position: sticky;
        top: 0;
        z-index: 2;
        background: var(--app-header-background-color, var(--primary-color));
        color: var(--app-header-text-color, #fff);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: var(--header-height, 56px);
        padding-inline: 8px 16px;
      }
      h1 {
        margin: 0;
        font-size: 1.25rem;
        font-weight: 400;
      }
      nav {
        display: flex;
        overflow-x: auto;
        padding-inline: 8px;
      }
      nav a {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        padding-inline: 12px;
        border-block-end: 3px solid transparent;
        color: inherit;
        text-decoration: none;
        white-space: nowrap;
      }
      nav a[aria-current] {
        border-block-end-color: currentcolor;
        font-weight: 500;
      }
      nav a:focus-visible {
        outline: 2px solid currentcolor;
        outline-offset: -4px;
      }
      main {
        display: grid;
        gap: 16px;
        max-width: 1040px;
        margin-inline: auto;
        padding: 16px;
      }
      .old {
        opacity: 0.6;
      }
      .note {
        padding: 12px 16px;
        border-radius: 12px;
        background: var(--card-background-color);
        border-inline-start: 4px solid var(--warning-color);
      }
      .menu {
        border: 0;
        color: inherit;
      }
      @media (max-width: 400px) {
        main {
          padding: 8px;
        }
      }
    `],p([m({attribute:!1})],E.prototype,"hass",2),p([m({type:Boolean,reflect:!0})],E.prototype,"narrow",2),p([m({attribute:!1})],E.prototype,"route",2),p([k()],E.prototype,"words",2),p([k()],E.prototype,"outdated",2),p([k()],E.prototype,"seen",2);v("mqtt-dispatch-panel",E);
