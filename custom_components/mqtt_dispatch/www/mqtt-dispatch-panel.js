var ls=Object.defineProperty;var ds=Object.getOwnPropertyDescriptor;var p=(r,e,t,s)=>{for(var i=s>1?void 0:s?ds(e,t):e,n=r.length-1,o;n>=0;n--)(o=r[n])&&(i=(s?o(e,t,i):o(i))||i);return s&&i&&ls(e,t,i),i};var _t=globalThis,bt=_t.ShadowRoot&&(_t.ShadyCSS===void 0||_t.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Wt=Symbol(),ue=new WeakMap,ct=class{constructor(e,t,s){if(this._$cssResult$=!0,s!==Wt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(bt&&e===void 0){let s=t!==void 0&&t.length===1;s&&(e=ue.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),s&&ue.set(t,e))}return e}toString(){return this.cssText}},me=r=>new ct(typeof r=="string"?r:r+"",void 0,Wt),f=(r,...e)=>{let t=r.length===1?r[0]:e.reduce((s,i,n)=>s+(o=>{if(o._$cssResult$===!0)return o.cssText;if(typeof o=="number")return o;throw Error("Value passed to 'css' function must be a 'css' function result: "+o+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(i)+r[n+1],r[0]);return new ct(t,r,Wt)},fe=(r,e)=>{if(bt)r.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let s=document.createElement("style"),i=_t.litNonce;i!==void 0&&s.setAttribute("nonce",i),s.textContent=t.cssText,r.appendChild(s)}},It=bt?r=>r:r=>r instanceof CSSStyleSheet?(e=>{let t="";for(let s of e.cssRules)t+=s.cssText;return me(t)})(r):r;var{is:cs,defineProperty:ps,getOwnPropertyDescriptor:hs,getOwnPropertyNames:us,getOwnPropertySymbols:ms,getPrototypeOf:fs}=Object,wt=globalThis,ge=wt.trustedTypes,gs=ge?ge.emptyScript:"",ys=wt.reactiveElementPolyfillSupport,pt=(r,e)=>r,ht={toAttribute(r,e){switch(e){case Boolean:r=r?gs:null;break;case Object:case Array:r=r==null?r:JSON.stringify(r)}return r},fromAttribute(r,e){let t=r;switch(e){case Boolean:t=r!==null;break;case Number:t=r===null?null:Number(r);break;case Object:case Array:try{t=JSON.parse(r)}catch{t=null}}return t}},xt=(r,e)=>!cs(r,e),ye={attribute:!0,type:String,converter:ht,reflect:!1,useDefault:!1,hasChanged:xt};Symbol.metadata??=Symbol("metadata"),wt.litPropertyMetadata??=new WeakMap;var O=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ye){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let s=Symbol(),i=this.getPropertyDescriptor(e,s,t);i!==void 0&&ps(this.prototype,e,i)}}static getPropertyDescriptor(e,t,s){let{get:i,set:n}=hs(this.prototype,e)??{get(){return this[t]},set(o){this[t]=o}};return{get:i,set(o){let d=i?.call(this);n?.call(this,o),this.requestUpdate(e,d,s)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ye}static _$Ei(){if(this.hasOwnProperty(pt("elementProperties")))return;let e=fs(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(pt("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(pt("properties"))){let t=this.properties,s=[...us(t),...ms(t)];for(let i of s)this.createProperty(i,t[i])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[s,i]of t)this.elementProperties.set(s,i)}this._$Eh=new Map;for(let[t,s]of this.elementProperties){let i=this._$Eu(t,s);i!==void 0&&this._$Eh.set(i,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let s=new Set(e.flat(1/0).reverse());for(let i of s)t.unshift(It(i))}else e!==void 0&&t.push(It(e));return t}static _$Eu(e,t){let s=t.attribute;return s===!1?void 0:typeof s=="string"?s:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let s of t.keys())this.hasOwnProperty(s)&&(e.set(s,this[s]),delete this[s]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return fe(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,s){this._$AK(e,s)}_$ET(e,t){let s=this.constructor.elementProperties.get(e),i=this.constructor._$Eu(e,s);if(i!==void 0&&s.reflect===!0){let n=(s.converter?.toAttribute!==void 0?s.converter:ht).toAttribute(t,s.type);this._$Em=e,n==null?this.removeAttribute(i):this.setAttribute(i,n),this._$Em=null}}_$AK(e,t){let s=this.constructor,i=s._$Eh.get(e);if(i!==void 0&&this._$Em!==i){let n=s.getPropertyOptions(i),o=typeof n.converter=="function"?{fromAttribute:n.converter}:n.converter?.fromAttribute!==void 0?n.converter:ht;this._$Em=i;let d=o.fromAttribute(t,n.type);this[i]=d??this._$Ej?.get(i)??d,this._$Em=null}}requestUpdate(e,t,s,i=!1,n){if(e!==void 0){let o=this.constructor;if(i===!1&&(n=this[e]),s??=o.getPropertyOptions(e),!((s.hasChanged??xt)(n,t)||s.useDefault&&s.reflect&&n===this._$Ej?.get(e)&&!this.hasAttribute(o._$Eu(e,s))))return;this.C(e,t,s)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:s,reflect:i,wrapped:n},o){s&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,o??t??this[e]),n!==!0||o!==void 0)||(this._$AL.has(e)||(this.hasUpdated||s||(t=void 0),this._$AL.set(e,t)),i===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[i,n]of this._$Ep)this[i]=n;this._$Ep=void 0}let s=this.constructor.elementProperties;if(s.size>0)for(let[i,n]of s){let{wrapped:o}=n,d=this[i];o!==!0||this._$AL.has(i)||d===void 0||this.C(i,void 0,n,d)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(s=>s.hostUpdate?.()),this.update(t)):this._$EM()}catch(s){throw e=!1,this._$EM(),s}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};O.elementStyles=[],O.shadowRootOptions={mode:"open"},O[pt("elementProperties")]=new Map,O[pt("finalized")]=new Map,ys?.({ReactiveElement:O}),(wt.reactiveElementVersions??=[]).push("2.1.2");var Ft=globalThis,$e=r=>r,kt=Ft.trustedTypes,ve=kt?kt.createPolicy("lit-html",{createHTML:r=>r}):void 0,Bt="$lit$",P=`lit$${Math.random().toFixed(9).slice(2)}$`,Vt="?"+P,$s=`<${Vt}>`,J=document,mt=()=>J.createComment(""),ft=r=>r===null||typeof r!="object"&&typeof r!="function",Gt=Array.isArray,Se=r=>Gt(r)||typeof r?.[Symbol.iterator]=="function",zt=`[ 	
\f\r]`,ut=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,_e=/-->/g,be=/>/g,V=RegExp(`>|${zt}(?:([^\\s"'>=/]+)(${zt}*=${zt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),we=/'/g,xe=/"/g,Te=/^(?:script|style|textarea|title)$/i,Jt=r=>(e,...t)=>({_$litType$:r,strings:e,values:t}),a=Jt(1),Kt=Jt(2),Ks=Jt(3),U=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),ke=new WeakMap,G=J.createTreeWalker(J,129);function Ae(r,e){if(!Gt(r)||!r.hasOwnProperty("raw"))throw Error("invalid template strings array");return ve!==void 0?ve.createHTML(e):e}var Ee=(r,e)=>{let t=r.length-1,s=[],i,n=e===2?"<svg>":e===3?"<math>":"",o=ut;for(let d=0;d<t;d++){let l=r[d],u,y,m=-1,_=0;for(;_<l.length&&(o.lastIndex=_,y=o.exec(l),y!==null);)_=o.lastIndex,o===ut?y[1]==="!--"?o=_e:y[1]!==void 0?o=be:y[2]!==void 0?(Te.test(y[2])&&(i=RegExp("</"+y[2],"g")),o=V):y[3]!==void 0&&(o=V):o===V?y[0]===">"?(o=i??ut,m=-1):y[1]===void 0?m=-2:(m=o.lastIndex-y[2].length,u=y[1],o=y[3]===void 0?V:y[3]==='"'?xe:we):o===xe||o===we?o=V:o===_e||o===be?o=ut:(o=V,i=void 0);let v=o===V&&r[d+1].startsWith("/>")?" ":"";n+=o===ut?l+$s:m>=0?(s.push(u),l.slice(0,m)+Bt+l.slice(m)+P+v):l+P+(m===-2?d:v)}return[Ae(r,n+(r[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),s]},gt=class r{constructor({strings:e,_$litType$:t},s){let i;this.parts=[];let n=0,o=0,d=e.length-1,l=this.parts,[u,y]=Ee(e,t);if(this.el=r.createElement(u,s),G.currentNode=this.el.content,t===2||t===3){let m=this.el.content.firstChild;m.replaceWith(...m.childNodes)}for(;(i=G.nextNode())!==null&&l.length<d;){if(i.nodeType===1){if(i.hasAttributes())for(let m of i.getAttributeNames())if(m.endsWith(Bt)){let _=y[o++],v=i.getAttribute(m).split(P),k=/([.?@])?(.*)/.exec(_);l.push({type:1,index:n,name:k[2],strings:v,ctor:k[1]==="."?Tt:k[1]==="?"?At:k[1]==="@"?Et:Z}),i.removeAttribute(m)}else m.startsWith(P)&&(l.push({type:6,index:n}),i.removeAttribute(m));if(Te.test(i.tagName)){let m=i.textContent.split(P),_=m.length-1;if(_>0){i.textContent=kt?kt.emptyScript:"";for(let v=0;v<_;v++)i.append(m[v],mt()),G.nextNode(),l.push({type:2,index:++n});i.append(m[_],mt())}}}else if(i.nodeType===8)if(i.data===Vt)l.push({type:2,index:n});else{let m=-1;for(;(m=i.data.indexOf(P,m+1))!==-1;)l.push({type:7,index:n}),m+=P.length-1}n++}}static createElement(e,t){let s=J.createElement("template");return s.innerHTML=e,s}};function K(r,e,t=r,s){if(e===U)return e;let i=s!==void 0?t._$Co?.[s]:t._$Cl,n=ft(e)?void 0:e._$litDirective$;return i?.constructor!==n&&(i?._$AO?.(!1),n===void 0?i=void 0:(i=new n(r),i._$AT(r,t,s)),s!==void 0?(t._$Co??=[])[s]=i:t._$Cl=i),i!==void 0&&(e=K(r,i._$AS(r,e.values),i,s)),e}var St=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:s}=this._$AD,i=(e?.creationScope??J).importNode(t,!0);G.currentNode=i;let n=G.nextNode(),o=0,d=0,l=s[0];for(;l!==void 0;){if(o===l.index){let u;l.type===2?u=new et(n,n.nextSibling,this,e):l.type===1?u=new l.ctor(n,l.name,l.strings,this,e):l.type===6&&(u=new Rt(n,this,e)),this._$AV.push(u),l=s[++d]}o!==l?.index&&(n=G.nextNode(),o++)}return G.currentNode=J,i}p(e){let t=0;for(let s of this._$AV)s!==void 0&&(s.strings!==void 0?(s._$AI(e,s,t),t+=s.strings.length-2):s._$AI(e[t])),t++}},et=class r{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,s,i){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=s,this.options=i,this._$Cv=i?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=K(this,e,t),ft(e)?e===c||e==null||e===""?(this._$AH!==c&&this._$AR(),this._$AH=c):e!==this._$AH&&e!==U&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Se(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==c&&ft(this._$AH)?this._$AA.nextSibling.data=e:this.T(J.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:s}=e,i=typeof s=="number"?this._$AC(e):(s.el===void 0&&(s.el=gt.createElement(Ae(s.h,s.h[0]),this.options)),s);if(this._$AH?._$AD===i)this._$AH.p(t);else{let n=new St(i,this),o=n.u(this.options);n.p(t),this.T(o),this._$AH=n}}_$AC(e){let t=ke.get(e.strings);return t===void 0&&ke.set(e.strings,t=new gt(e)),t}k(e){Gt(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,s,i=0;for(let n of e)i===t.length?t.push(s=new r(this.O(mt()),this.O(mt()),this,this.options)):s=t[i],s._$AI(n),i++;i<t.length&&(this._$AR(s&&s._$AB.nextSibling,i),t.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let s=$e(e).nextSibling;$e(e).remove(),e=s}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Z=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,s,i,n){this.type=1,this._$AH=c,this._$AN=void 0,this.element=e,this.name=t,this._$AM=i,this.options=n,s.length>2||s[0]!==""||s[1]!==""?(this._$AH=Array(s.length-1).fill(new String),this.strings=s):this._$AH=c}_$AI(e,t=this,s,i){let n=this.strings,o=!1;if(n===void 0)e=K(this,e,t,0),o=!ft(e)||e!==this._$AH&&e!==U,o&&(this._$AH=e);else{let d=e,l,u;for(e=n[0],l=0;l<n.length-1;l++)u=K(this,d[s+l],t,l),u===U&&(u=this._$AH[l]),o||=!ft(u)||u!==this._$AH[l],u===c?e=c:e!==c&&(e+=(u??"")+n[l+1]),this._$AH[l]=u}o&&!i&&this.j(e)}j(e){e===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Tt=class extends Z{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===c?void 0:e}},At=class extends Z{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==c)}},Et=class extends Z{constructor(e,t,s,i,n){super(e,t,s,i,n),this.type=5}_$AI(e,t=this){if((e=K(this,e,t,0)??c)===U)return;let s=this._$AH,i=e===c&&s!==c||e.capture!==s.capture||e.once!==s.once||e.passive!==s.passive,n=e!==c&&(s===c||i);i&&this.element.removeEventListener(this.name,this,s),n&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Rt=class{constructor(e,t,s){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=s}get _$AU(){return this._$AM._$AU}_$AI(e){K(this,e)}},Re={M:Bt,P,A:Vt,C:1,L:Ee,R:St,D:Se,V:K,I:et,H:Z,N:At,U:Et,B:Tt,F:Rt},vs=Ft.litHtmlPolyfillSupport;vs?.(gt,et),(Ft.litHtmlVersions??=[]).push("3.3.3");var Ce=(r,e,t)=>{let s=t?.renderBefore??e,i=s._$litPart$;if(i===void 0){let n=t?.renderBefore??null;s._$litPart$=i=new et(e.insertBefore(mt(),n),n,void 0,t??{})}return i._$AI(r),i};var Zt=globalThis,b=class extends O{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ce(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return U}};b._$litElement$=!0,b.finalized=!0,Zt.litElementHydrateSupport?.({LitElement:b});var _s=Zt.litElementPolyfillSupport;_s?.({LitElement:b});(Zt.litElementVersions??=[]).push("4.2.2");var bs={attribute:!0,type:String,converter:ht,reflect:!1,hasChanged:xt},ws=(r=bs,e,t)=>{let{kind:s,metadata:i}=t,n=globalThis.litPropertyMetadata.get(i);if(n===void 0&&globalThis.litPropertyMetadata.set(i,n=new Map),s==="setter"&&((r=Object.create(r)).wrapped=!0),n.set(t.name,r),s==="accessor"){let{name:o}=t;return{set(d){let l=e.get.call(this);e.set.call(this,d),this.requestUpdate(o,l,r,!0,d)},init(d){return d!==void 0&&this.C(o,void 0,r,d),d}}}if(s==="setter"){let{name:o}=t;return function(d){let l=this[o];e.call(this,d),this.requestUpdate(o,l,r,!0,d)}}throw Error("Unsupported decorator location: "+s)};function h(r){return(e,t)=>typeof t=="object"?ws(r,e,t):((s,i,n)=>{let o=i.hasOwnProperty(n);return i.constructor.createProperty(n,s),o?Object.getOwnPropertyDescriptor(i,n):void 0})(r,e,t)}function x(r){return h({...r,state:!0,attribute:!1})}var Y=(r,e,t)=>(t.configurable=!0,t.enumerable=!0,Reflect.decorate&&typeof e!="object"&&Object.defineProperty(r,e,t),t);function A(r,e){return(t,s,i)=>{let n=o=>o.renderRoot?.querySelector(r)??null;if(e){let{get:o,set:d}=typeof s=="object"?t:i??(()=>{let l=Symbol();return{get(){return this[l]},set(u){this[l]=u}}})();return Y(t,s,{get(){let l=o.call(this);return l===void 0&&(l=n(this),(l!==null||this.hasUpdated)&&d.call(this,l)),l}})}return Y(t,s,{get(){return n(this)}})}}var Yt="mqtt_dispatch";function Qt(r){return"gone"in r}function Xt(r){return"station"in r&&r.station.loaded}var xs=300;async function He(r,e,t){let{path:s}=await r.callWS({type:`${Yt}/history_file`,device_id:e,...t});return(await r.callWS({type:"auth/sign_path",path:s,expires:xs})).path}function Me(r,e){return{type:`${Yt}/subscribe`,device_id:r,language:e}}async function st(r,e,t){return(await r.callService(Yt,e,t,void 0,!1,!0)).response}function C(r){let{message:e}=r??{};return e||String(r)}function g(r,e){customElements.get(r)||customElements.define(r,e)}function te(r,e,t={}){r.dispatchEvent(new CustomEvent(e,{detail:t,bubbles:!0,composed:!0}))}function qe(r,e){te(r,"hass-more-info",{entityId:e})}var Ct=class{constructor(e,t,s){this.host=e;this.message=t;this.told=s;e.addController(this)}#t;#e;#s;#r=0;#i=!1;set hass(e){e?.connection!==this.#t&&(this.#l(),this.#t=e?.connection,this.#i&&this.#a())}hostConnected(){this.#i=!0,this.#a()}hostDisconnected(){this.#i=!1,this.#l()}restart(){this.#d(),this.#r=0,this.#i&&this.#n()}#o=()=>this.restart();#a(){this.#t?.addEventListener("ready",this.#o),this.#n()}#l(){this.#t?.removeEventListener("ready",this.#o),this.#d()}#d(){clearTimeout(this.#s),this.#e?.then(e=>e()).catch(()=>{}),this.#e=void 0}#n(){let e=this.message();if(this.#e||!this.#t||!e)return;let t=!0,s=this.#t.subscribeMessage(i=>{this.#e===s&&(this.#r=0,this.error=void 0,this.told(i,t),t=!1,this.host.requestUpdate())},e,{resubscribe:!1});this.#e=s,s.catch(i=>{if(this.#e!==s||(this.#e=void 0,this.error=i??{},this.host.requestUpdate(),i?.code==="unauthorized"))return;let n=Math.min(3e4,1e3*2**this.#r++);this.#s=setTimeout(()=>this.#n(),n)})}};var j=f`
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
`;var yt="mqtt_dispatch",ee=new Map;async function Oe(r){let e=ee.get(r.language)??ks(r);ee.set(r.language,e);try{return new se(await e,r.language)}catch(t){throw ee.delete(r.language),t}}async function ks(r){return await r.loadBackendTranslation("entity",[yt]),r.loadBackendTranslation("common",[yt])}var se=class{constructor(e,t){this.localize=e;this.language=t;this.say=(e,t={})=>{let s=this.localize(`component.${yt}.common.${e}`,t);return s?Ss(s,t):e};this.state=(e,t)=>this.localize(`component.${yt}.entity.${e}.state.${t}`)||t;this.stateOfAttribute=(e,t,s)=>this.localize(`component.${yt}.entity.${e}.state_attributes.${t}.state.${s}`)||s}};function Ss(r,e){return r.replace(/\{(\w+)\}/g,(t,s)=>String(e[s]??t))}var Pe={idle:{icon:"mdi:check-circle",tone:"good"},waiting:{icon:"mdi:clock-outline",tone:"warning"},running:{icon:"mdi:progress-clock",tone:"plain"},unconfirmed:{icon:"mdi:help-circle",tone:"warning"},paused:{icon:"mdi:pause-circle",tone:"warning"},offline:{icon:"mdi:lan-disconnect",tone:"bad"},storage_error:{icon:"mdi:harddisk-remove",tone:"bad"}},Ue={pending:{icon:"mdi:circle-outline",tone:"plain",word:"card_pending"},waiting:{icon:"mdi:clock-outline",tone:"warning",word:"card_waiting"},dispensing:{icon:"mdi:progress-clock",tone:"plain",word:"card_dispensing"},unconfirmed:{icon:"mdi:help-circle",tone:"warning",word:"card_unconfirmed"},fed:{icon:"mdi:check-circle",tone:"good",word:"became_fed"},skipped:{icon:"mdi:skip-next-circle",tone:"plain",word:"became_skipped"},missed:{icon:"mdi:alert-circle",tone:"bad",word:"became_missed"},failed:{icon:"mdi:close-circle",tone:"bad",word:"became_failed"},unknown:{icon:"mdi:help-circle-outline",tone:"plain",word:"card_unknown"}};function Le(r){let{status:e,ready:t}=r.station;return e==="idle"&&t===!1?{icon:"mdi:alert-circle",tone:"warning"}:Pe[e]??Pe.waiting}function De(r,e="feed"){let t=Ue[r]??Ue.unknown;return r==="fed"&&e!=="feed"?{...t,word:"became_done"}:t}function Ne(r){return r.commands.open.filter(e=>e.state!=="unconfirmed")}function je(r){return r.waits_in_words?[r.waits_in_words]:r.nodes.map(e=>e.in_words)}function Ht(r){return r.split("`")}var L=class extends b{constructor(){super(...arguments);this.heading="";this.action="";this.back="";this.risky=!1}ask(){this.dialog.showModal()}render(){return a`<dialog aria-labelledby="heading">
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
      <div class="wrap">
        <button autofocus @click=${()=>this.dialog.close()}>${this.back}</button>
        <button class=${this.risky?"risky":"main"} @click=${this.confirm}>${this.action}</button>
      </div>
    </dialog>`}confirm(){this.dialog.close(),this.dispatchEvent(new CustomEvent("confirmed"))}};L.styles=[j,f`
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
    `],p([h()],L.prototype,"heading",2),p([h()],L.prototype,"action",2),p([h()],L.prototype,"back",2),p([h({type:Boolean})],L.prototype,"risky",2),p([A("dialog")],L.prototype,"dialog",2);g("mqtt-dispatch-confirm",L);var w=class extends b{constructor(){super(...arguments);this.now=0;this.still=!1;this.refusal="";this.doing=!1}get held(){return this.still||this.doing||!this.picture.station.may_control}async order(t,s){return this.attempt(()=>st(this.hass,t,{device_id:this.picture.station.device_id,...s}))}async attempt(t){if(this.doing)return!1;this.doing=!0,this.refusal="";try{return await t(),!0}catch(s){return this.refusal=C(s),!1}finally{this.doing=!1}}};w.styles=[j],p([h({attribute:!1})],w.prototype,"hass",2),p([h({attribute:!1})],w.prototype,"words",2),p([h({attribute:!1})],w.prototype,"picture",2),p([h({type:Number})],w.prototype,"now",2),p([h({type:Boolean})],w.prototype,"still",2),p([x()],w.prototype,"refusal",2),p([x()],w.prototype,"doing",2);var it=class extends w{render(){let{doubt:e}=this;return a`<div class="box" role="alert">
      <h3>${this.words.say("card_question")}</h3>
      <p>${e.in_words}</p>
      <ul>
        ${e.evidence.map(t=>a`<li class="quiet">${Ts(t)}</li>`)}
      </ul>
      <div class="wrap">
        ${this.button("succeeded","card_happened",()=>this.resolve("succeeded"))}
        ${this.button("failed","card_not_happened",()=>this.resolve("failed"))}
        ${this.button("resend","card_send_again",()=>this.dialog.ask())}
      </div>
      ${e.answers.length?c:a`<p>${this.words.say("card_read_only")}</p>`}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        risky
        .heading=${this.words.say("card_send_again")}
        .action=${this.words.say("card_send_again")}
        .back=${this.words.say("card_back")}
        @confirmed=${()=>this.resolve("resend")}
        ><p>${this.words.say("card_send_again_risk")}</p>
        <p class="quiet">${e.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`}button(e,t,s){return this.doubt.answers.includes(e)?a`<button ?disabled=${this.still} @click=${s}>${this.words.say(t)}</button>`:c}resolve(e){this.order("resolve_command",{command_id:this.doubt.command_id,outcome:e})}};it.styles=[...w.styles,f`
      .box > * + * {
        margin-top: 8px;
      }
      h3 {
        color: var(--primary-text-color);
        font-size: 1rem;
      }
    `],p([h({attribute:!1})],it.prototype,"doubt",2),p([A("mqtt-dispatch-confirm")],it.prototype,"dialog",2);function Ts(r){return Ht(r).map((e,t)=>t%2?a`<code>${e}</code>`:e)}g("mqtt-dispatch-doubt",it);function ie(r,e){return Mt(r,e,{hour:"numeric",minute:"2-digit"})}function H(r,e,t){let s={year:"numeric",month:"numeric",day:"numeric"};return Mt(r,e,s)===Mt(r,t,s)?ie(r,e):Mt(r,e,{weekday:"short",day:"numeric",month:"short",hour:"numeric",minute:"2-digit"})}function Ie(r,e){if(e<=0)return"";let t=[[Math.floor(e/86400),"day"],[Math.floor(e%86400/3600),"hour"],[Math.floor(e%3600/60),"minute"],[Math.floor(e%60),"second"]],s=t.findIndex(([n])=>n>0);return t.slice(s,s+2).filter(([n,o])=>n>0&&(o!=="second"||e<600)).map(([n,o])=>new Intl.NumberFormat(r.language,{style:"unit",unit:o,unitDisplay:"short"}).format(n)).join(" ")}function Mt(r,e,t){let{language:s,time_format:i}=r.locale,n=i==="12"?!0:i==="24"?!1:void 0,o="hour"in t&&n!==void 0?{...t,hour12:n}:t,d=r.config.time_zone;return As(i==="system"?void 0:s,{...o,timeZone:d}).format(e*1e3)}var We=new Map;function As(r,e){let t=JSON.stringify([r,e]),s=We.get(t)??new Intl.DateTimeFormat(r,e);return We.set(t,s),s}var Es=86400;function re(r,e){let t=Date.parse(`${r}T00:00:00Z`)/1e3,s=t-ze(t,e);return t-ze(s,e)}function Fe(r,e){let t=new Date(Date.parse(`${r}T00:00:00Z`)+Es*1e3);return re(t.toISOString().slice(0,10),e)}function ze(r,e){let t=new Intl.DateTimeFormat("en-US",{timeZone:e,hourCycle:"h23",year:"numeric",month:"numeric",day:"numeric",hour:"numeric",minute:"numeric",second:"numeric"}).formatToParts(r*1e3),s=n=>Number(t.find(o=>o.type===n)?.value);return Date.UTC(s("year"),s("month")-1,s("day"),s("hour"),s("minute"),s("second"))/1e3-Math.floor(r)}function $t(r,e){return new Intl.DateTimeFormat(r.locale.language,{weekday:"long",day:"numeric",month:"long",timeZone:"UTC"}).format(Date.parse(`${e}T12:00:00Z`))}function W(r,e){return e>=10?Ie(r,e):new Intl.NumberFormat(r.language,{style:"unit",unit:"second",unitDisplay:"short",maximumFractionDigits:1}).format(Math.max(0,e))}function qt(r,e,t){return r.callWS({type:`mqtt_dispatch/${e}`,language:r.language,...t})}function ne(r,e,t,s){return qt(r,"history",{device_id:e,limit:50,...oe(r,t),...s&&{before:s}})}function oe(r,e){let t=r.config.time_zone,{node:s,kind:i,state:n,from:o,to:d}=e;return{...s&&{node:s},...i&&{kind:i},...n&&{state:n},...o&&{since:re(o,t)},...d&&{until:Fe(d,t)}}}function Be(r,e,t){return qt(r,"command",{device_id:e,command_id:t})}function Ve(r,e){return qt(r,"plan",{device_id:e})}function Ge(r,e){return qt(r,"nodes",{device_id:e})}function Je(r,e,t,s){let i=Date.parse(`${t.date}T${s}:00Z`),n=o=>new Date(o).toISOString().slice(0,19);return r.callWS({type:"calendar/event/update",entity_id:e,uid:t.meal_id,recurrence_id:t.date,event:{summary:t.in_words,dtstart:n(i),dtend:n(i+t.lasts*1e3)}})}var E=class{constructor(e,t){this.host=e;this.ask=t;this.error="";this.#s=0;e.addController(this)}#t;#e;#s;hostConnected(){}follow(e,t){e===this.#t&&t===this.#e||(e!==this.#t&&this.forget(),this.#t=e,this.#e=t,this.again())}forget(){this.#t=void 0,this.#s+=1,this.value=void 0,this.error=""}async again(){if(this.#t===void 0)return;this.#s+=1;let e=this.#s;try{let t=await this.ask();if(e!==this.#s)return;this.value=t,this.error=""}catch(t){if(e!==this.#s)return;this.error=C(t)}this.host.requestUpdate()}};var Ke={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ot=r=>(...e)=>({_$litDirective$:r,values:e}),rt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,s){this._$Ct=e,this._$AM=t,this._$Ci=s}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:Rs}=Re,Ze=r=>r;var Ye=()=>document.createComment(""),nt=(r,e,t)=>{let s=r._$AA.parentNode,i=e===void 0?r._$AB:e._$AA;if(t===void 0){let n=s.insertBefore(Ye(),i),o=s.insertBefore(Ye(),i);t=new Rs(n,o,r,r.options)}else{let n=t._$AB.nextSibling,o=t._$AM,d=o!==r;if(d){let l;t._$AQ?.(r),t._$AM=r,t._$AP!==void 0&&(l=r._$AU)!==o._$AU&&t._$AP(l)}if(n!==i||d){let l=t._$AA;for(;l!==n;){let u=Ze(l).nextSibling;Ze(s).insertBefore(l,i),l=u}}}return t},I=(r,e,t=r)=>(r._$AI(e,t),r),Cs={},Pt=(r,e=Cs)=>r._$AH=e,Qe=r=>r._$AH,Ut=r=>{r._$AR(),r._$AA.remove()};var Xe=(r,e,t)=>{let s=new Map;for(let i=e;i<=t;i++)s.set(r[i],i);return s},S=Ot(class extends rt{constructor(r){if(super(r),r.type!==Ke.CHILD)throw Error("repeat() can only be used in text expressions")}dt(r,e,t){let s;t===void 0?t=e:e!==void 0&&(s=e);let i=[],n=[],o=0;for(let d of r)i[o]=s?s(d,o):o,n[o]=t(d,o),o++;return{values:n,keys:i}}render(r,e,t){return this.dt(r,e,t).values}update(r,[e,t,s]){let i=Qe(r),{values:n,keys:o}=this.dt(e,t,s);if(!Array.isArray(i))return this.ut=o,n;let d=this.ut??=[],l=[],u,y,m=0,_=i.length-1,v=0,k=n.length-1;for(;m<=_&&v<=k;)if(i[m]===null)m++;else if(i[_]===null)_--;else if(d[m]===o[v])l[v]=I(i[m],n[v]),m++,v++;else if(d[_]===o[k])l[k]=I(i[_],n[k]),_--,k--;else if(d[m]===o[k])l[k]=I(i[m],n[k]),nt(r,l[k+1],i[m]),m++,k--;else if(d[_]===o[v])l[v]=I(i[_],n[v]),nt(r,i[m],i[_]),_--,v++;else if(u===void 0&&(u=Xe(o,v,k),y=Xe(d,m,_)),u.has(d[m]))if(u.has(d[_])){let q=y.get(o[v]),jt=q!==void 0?i[q]:null;if(jt===null){let he=nt(r,i[m]);I(he,n[v]),l[v]=he}else l[v]=I(jt,n[v]),nt(r,i[m],jt),i[q]=null;v++}else Ut(i[_]),_--;else Ut(i[m]),m++;for(;v<=k;){let q=nt(r,l[k+1]);I(q,n[v]),l[v++]=q}for(;m<=_;){let q=i[m++];q!==null&&Ut(q)}return this.ut=o,Pt(r,l),U}});var $=class extends b{constructor(){super(...arguments);this.pictures=[];this.unloaded=[];this.now=0;this.still=!1}problem(t){return t.error?a`<section role="alert">
      <p>${t.error}</p>
      <div>
        <button @click=${()=>{t.again()}}>${this.words.say("panel_try_again")}</button>
      </div>
    </section>`:c}pictureOf(t){return this.pictures.find(({station:s})=>s.entry_id===t)}absent(t){let{words:s}=this,i=this.unloaded.find(o=>o.entry_id===t),n=i?s.say("card_not_loaded",{station:i.title}):s.say("card_gone");return a`<section><p>${n}</p></section>`}stationsWith(t){let s=this.pictures.map(({station:n})=>[n.entry_id,n.title]);if(!t||this.pictureOf(t))return s;let i=this.unloaded.find(n=>n.entry_id===t)?.title;return s.push([t,i??"—"]),s.sort(([,n],[,o])=>n.localeCompare(o))}stateOf(t){return this.words.stateOfAttribute("event.command","event_type",t)}};$.styles=[j,f`
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
      summary {
        display: inline-flex;
        align-items: center;
        min-height: 44px;
        cursor: pointer;
        text-decoration: underline;
        text-decoration-color: var(--primary-color);
      }
      ol {
        margin: 8px 0;
        padding-inline-start: 24px;
      }
      input:focus-visible,
      summary:focus-visible,
      [tabindex]:focus-visible,
      a:focus-visible {
        outline: 2px solid var(--primary-color);
        outline-offset: 2px;
      }
      a {
        color: var(--primary-text-color);
        text-decoration-color: var(--primary-color);
      }
    `],p([h({attribute:!1})],$.prototype,"hass",2),p([h({attribute:!1})],$.prototype,"words",2),p([h({attribute:!1})],$.prototype,"pictures",2),p([h({attribute:!1})],$.prototype,"unloaded",2),p([h({type:Number})],$.prototype,"now",2),p([h({type:Boolean})],$.prototype,"still",2);var D=class extends ${constructor(){super(...arguments);this.entry=""}get picture(){return this.pictureOf(this.entry)}willUpdate(t){this.entry||=this.first()?.station.entry_id??""}first(){return this.pictures[0]}stationChoice(){return a`<label
      >${this.words.say("panel_filter_station")}
      <select
        name="station"
        @change=${t=>{this.entry=t.target.value}}
      >
        ${S(this.stationsWith(this.entry),([t])=>t,([t,s])=>a`<option value=${t} ?selected=${t===this.entry}>${s}</option>`)}
      </select></label
    >`}};p([x()],D.prototype,"entry",2);var ts="/mqtt-dispatch",ae=["now","history","plan","figures","nodes"],es=["station","node","kind","state","from","to"];function le(r){let[e,t,s]=r.split("/").filter(Boolean);return e==="command"&&t&&/^\d+$/.test(s??"")?{page:"command",entry:decodeURIComponent(t),id:Number(s)}:{page:ae.find(i=>i===e)??"now"}}function ot(r){return`${ts}/${r}`}function at(r,e){return`${ts}/command/${encodeURIComponent(r)}/${e}`}function ss(r){let e=new URLSearchParams(r),t=Object.fromEntries(es.map(s=>[s,e.get(s)??""]));for(let s of["from","to"])/^\d{4}-\d{2}-\d{2}$/.test(t[s]??"")||(t[s]="");return t}function is(r){let e=new URLSearchParams;for(let s of es)r[s]&&e.set(s,r[s]);let t=e.toString();return t?`?${t}`:""}function de(r,e=!1){e?history.replaceState(null,"",r):history.pushState(null,"",r),window.dispatchEvent(new CustomEvent("location-changed",{detail:{replace:e}}))}function T(r){let e=r.currentTarget;r.button||r.ctrlKey||r.metaKey||r.shiftKey||(r.preventDefault(),de(e.pathname+e.search))}var Hs={pending:"panel_step_pending",done:"panel_step_done",unknown:"panel_step_unknown"},lt=class extends ${constructor(){super(...arguments);this.entry="";this.command=0;this.told=new E(this,()=>Be(this.hass,this.picture?.station.device_id??"",this.command))}get picture(){return this.pictureOf(this.entry)}willUpdate(t){let{picture:s}=this;if(!s){this.told.forget();return}let i=s.commands.open.find(({id:o})=>o===this.command),n=i?0:s.commands.more;this.told.follow(JSON.stringify([this.entry,this.command]),JSON.stringify([this.hass.language,i,n]))}render(){let{words:t,picture:s}=this,{value:i}=this.told;return a`<div class="stack">
      <a href=${ot("history")} @click=${T}>${t.say("panel_back")}</a>
      ${s?c:this.absent(this.entry)}
      ${this.problem(this.told)}
      ${i&&s?a`${this.head(i,s)} ${this.steps(i)}`:c}
    </div>`}head(t,s){let{words:i,hass:n,now:o,still:d}=this,l=s.doubts.find(({command_id:y})=>y===t.id),u=t.ended_at===null?null:t.ended_at-t.created_at;return a`<section>
      <h2>${t.in_words}</h2>
      <p>
        ${t.station} · ${this.stateOf(t.state)}${u===null?"":` · ${i.say("panel_after",{time:W(i,u)})}`}
      </p>
      <ul>
        ${t.deliveries.map(y=>a`<li>${Ms(y)}</li>`)}
      </ul>
      ${t.finishes?a`<p>
              <a href=${at(this.entry,t.finishes)} @click=${T}
                >${i.say("panel_finishes",{command_id:t.finishes})}</a
              >
            </p>`:c}
      ${l?a`<mqtt-dispatch-doubt
              .hass=${n} .words=${i} .picture=${s} .now=${o} .still=${d}
              .doubt=${l}
            ></mqtt-dispatch-doubt>`:c}
    </section>`}steps(t){let{words:s}=this;return a`<section>
      <h2 id="steps">${s.say("panel_timeline")}</h2>
      <div class="scroll" role="region" aria-labelledby="steps" tabindex="0">
        <table>
          <thead>
            <tr>
              ${["panel_when","panel_later","panel_filter_node","panel_filter_state","panel_why"].map(i=>a`<th scope="col">${s.say(i)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${t.timeline.map((i,n)=>this.step(i,t.timeline[n-1]))}
          </tbody>
        </table>
      </div>
    </section>`}stepState(t){let s=Hs[t];return s?this.words.say(s):this.stateOf(t)}step(t,s){let{words:i}=this;return a`<tr>
      <td>${H(this.hass,t.at,this.now)}</td>
      <td>${s?`+${W(i,t.at-s.at)}`:""}</td>
      <td>${t.node??""}</td>
      <td>${this.stepState(t.state)}</td>
      <td>${i.say(`panel_cause_${t.cause}`)}${t.detail?a`: ${t.detail}`:c}</td>
    </tr>`}};lt.styles=[...$.styles,f`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        width: 100%;
      }
      th,
      td {
        padding-block: 6px;
        padding-inline: 0 12px;
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
    `],p([h()],lt.prototype,"entry",2),p([h({type:Number})],lt.prototype,"command",2);function Ms(r){return Ht(r).map((e,t)=>t%2?a`<code>${e}</code>`:e)}g("mqtt-dispatch-page-command",lt);var qs=[[1,"panel_day"],[7,"panel_week"],[30,"panel_month"]],rs=[["waited","panel_waited"],["accepted_after","panel_accepted_after"],["done_after","panel_done_after"]],Q=200,vt=class extends D{constructor(){super(...arguments);this.days=7;this.told=new E(this,()=>st(this.hass,"get_metrics",{device_id:this.picture?.station.device_id,days:this.days}))}willUpdate(t){super.willUpdate(t);let{picture:s}=this;if(!s){this.told.forget();return}let i=s.commands.open.map(({id:n,state:o})=>[n,o]);this.told.follow(JSON.stringify([this.entry,this.days]),JSON.stringify(i))}render(){let{words:t,picture:s}=this,{value:i}=this.told;return this.entry?a`<div class="stack">
      ${this.form()} ${s?c:this.absent(this.entry)} ${this.problem(this.told)}
      ${s&&i&&!this.told.error?this.all(i,s):c}
    </div>`:a`<section><p>${t.say("panel_no_station")}</p></section>`}form(){let{words:t}=this;return a`<form @submit=${s=>s.preventDefault()}>
      <div class="fields">
        ${this.stationChoice()}
        <label
          >${t.say("panel_period")}
          <select
            name="days"
            @change=${s=>{this.days=Number(s.target.value)}}
          >
            ${qs.map(([s,i])=>a`<option value=${s} ?selected=${s===this.days}>
                  ${t.say(i)}
                </option>`)}
          </select></label
        >
      </div>
    </form>`}all(t,s){let i=new Map(s.nodes.map(({node:d,title:l})=>[d,l])),n=[[s.station.title,t],...Object.entries(t.nodes).map(([d,l])=>[i.get(d)??d,l])],o=Math.max(...n.flatMap(([,d])=>rs.map(([l])=>d[l]?.p95??0)));return n.map(([d,l])=>this.block(d,l,o))}block(t,s,i){let{words:n}=this,o=[[n.say("panel_ordered"),s.ordered],[this.stateOf("succeeded"),s.succeeded],[this.stateOf("unconfirmed"),s.unconfirmed],[this.stateOf("failed"),s.failed],[n.say("panel_cause_sent_again"),s.sent_again]];return a`<section>
      <h2>${t}</h2>
      <p>${o.map(([d,l])=>`${d}: ${l}`).join(" · ")}</p>
      <div class="scroll" role="region" aria-label=${t} tabindex="0">
        <table>
          ${s.success_rate===null?c:a`<tr>
                  <th scope="row">${n.say("panel_success_rate")}</th>
                  <td>${Os(s.success_rate/100)}</td>
                  <td>${s.success_rate} %</td>
                </tr>`}
          ${rs.map(([d,l])=>{let u=s[d];return!u||u.median===null||u.p95===null?c:a`<tr>
              <th scope="row">${n.say(l)}</th>
              <td>${Ps(u.median/i,u.p95/i)}</td>
              <td>
                ${n.say("panel_median",{median:W(n,u.median),p95:W(n,u.p95)})}
              </td>
            </tr>`})}
        </table>
      </div>
    </section>`}};vt.styles=[...D.styles,f`
      .scroll {
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
      }
      th,
      td {
        padding-block: 4px;
        padding-inline: 0 16px;
        text-align: start;
        font-weight: 400;
        white-space: nowrap;
      }
      svg {
        display: block;
        width: ${Q}px;
        height: 16px;
      }
      .track {
        fill: var(--divider-color);
      }
      .good {
        fill: var(--success-color);
      }
      .spread {
        stroke: var(--primary-color);
        stroke-width: 2;
      }
      .median {
        fill: var(--primary-color);
      }
    `],p([x()],vt.prototype,"days",2);function Os(r){return a`<svg viewBox="0 0 ${Q} 16" aria-hidden="true">
    ${Kt`<rect class="track" y="4" width=${Q} height="8" rx="4"></rect>
      <rect class="good" y="4" width=${Q*r} height="8" rx="4"></rect>`}
  </svg>`}function Ps(r,e){let t=s=>6+(Q-12)*(Number.isFinite(s)?s:0);return a`<svg viewBox="0 0 ${Q} 16" aria-hidden="true">
    ${Kt`<rect class="track" y="7" width=${Q} height="2"></rect>
      <line class="spread" x1=${t(r)} x2=${t(e)} y1="8" y2="8"></line>
      <line class="spread" x1=${t(e)} x2=${t(e)} y1="2" y2="14"></line>
      <circle class="median" cx=${t(r)} cy="8" r="5"></circle>`}
  </svg>`}g("mqtt-dispatch-page-figures",vt);var Us=["queued","sent","accepted","unconfirmed","succeeded","failed","rejected","expired","cancelled","superseded"],ns={station:"panel_filter_station",node:"panel_filter_node",kind:"panel_filter_kind",state:"panel_filter_state",from:"panel_filter_from",to:"panel_filter_to"},X=class extends ${constructor(){super(...arguments);this.refusal="";this.first=new E(this,()=>ne(this.hass,this.device,this.filters,null))}get page(){let t=this.first.value;return this.longer?.first===t?this.longer?.all:t}get lacks(){let{page:t,longer:s}=this;return t!==void 0&&(t.only_at_hand||s?.all===t&&s.lacking)}get missing(){let{station:t}=this.filters;return!!t&&!this.pictureOf(t)}get device(){let{station:t}=this.filters;return t?this.pictureOf(t)?.station.device_id??"":"all"}willUpdate(t){if(this.missing){this.first.forget();return}let s=this.pictures.map(({station:i,commands:n})=>[i.entry_id,n.open.map(({id:o,state:d})=>[o,d]),n.more]);this.first.follow(JSON.stringify(this.filters),JSON.stringify([this.hass.language,s]))}render(){let{page:t}=this;return a`<div class="stack">
      ${this.form()} ${this.missing?this.absent(this.filters.station):c}
      ${this.problem(this.first)}
      ${this.lacks?a`<section role="alert"><p>${this.words.say("panel_only_at_hand")}</p></section>`:c}
      ${t?this.list(t):c}
    </div>`}list({commands:t,next:s}){return t.length?a`<section>
      <ul>
        ${S(t,i=>`${i.entry_id} ${i.id}`,i=>this.row(i))}
      </ul>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      ${s?a`<div>
              <button @click=${this.older}>${this.words.say("panel_older")}</button>
            </div>`:c}
    </section>`:a`<section><p>${this.words.say("panel_no_command")}</p></section>`}row(t){return a`<li>
      <a href=${at(t.entry_id,t.id)} @click=${T}>${t.in_words}</a>
      <span class="state">${this.stateOf(t.state)}</span>
      <span class="quiet">${t.station} · ${t.nodes.join(", ")}</span>
      <span class="quiet state">${H(this.hass,t.created_at,this.now)}</span>
    </li>`}form(){let{filters:t,words:s,pictures:i}=this,n=i.filter(({station:l})=>l.entry_id===t.station),o=n.flatMap(l=>l.nodes),d=new Map((this.first.value?.commands??[]).map(({kind:l,kind_in_words:u})=>[l,u]));return t.kind&&!d.has(t.kind)&&d.set(t.kind,t.kind),a`<form aria-label=${s.say("panel_filters")} @submit=${l=>l.preventDefault()}>
      <div class="fields">
        ${this.choice("station",this.stationsWith(t.station))}
        ${o.length>1?this.choice("node",o.map(({node:l,title:u})=>[l,u])):c}
        ${this.choice("kind",[...d])}
        ${this.choice("state",Us.map(l=>[l,this.stateOf(l)]))}
        ${this.day("from")} ${this.day("to")}
        ${n.length?a`<button type="button" @click=${this.download}>${s.say("panel_csv")}</button>`:c}
      </div>
    </form>`}choice(t,s){let{filters:i,words:n}=this;return a`<label
      >${n.say(ns[t])}
      <select
        name=${t}
        @change=${o=>this.filter(t,o.target.value)}
      >
        <option value="" ?selected=${!i[t]}>${n.say("panel_any")}</option>
        ${S(s,([o])=>o,([o,d])=>a`<option value=${o} ?selected=${i[t]===o}>${d}</option>`)}
      </select></label
    >`}day(t){return a`<label
      >${this.words.say(ns[t])}
      <input
        type="date"
        name=${t}
        .value=${this.filters[t]}
        @change=${s=>this.filter(t,s.target.value)}
      /></label
    >`}filter(t,s){let i={...this.filters,[t]:s};t==="station"&&(i.node=""),this.refusal="",de(ot("history")+is(i),!0)}async download(){try{let t=oe(this.hass,this.filters),s=await He(this.hass,this.device,t),i=document.createElement("a");i.href=this.hass.hassUrl?.(s)??s,i.download="",i.click(),this.refusal=""}catch(t){this.refusal=C(t)}}async older(){let t=this.first.value,{page:s}=this;if(!(!t||!s?.next))try{let i=await ne(this.hass,this.device,this.filters,s.next);if(s!==this.page)return;this.longer={first:t,all:Ls(s,i),lacking:i.only_at_hand},this.refusal=""}catch(i){s===this.page&&(this.refusal=C(i))}}};X.styles=[...$.styles,f`
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
    `],p([h({attribute:!1})],X.prototype,"filters",2),p([x()],X.prototype,"longer",2),p([x()],X.prototype,"refusal",2);function Ls(r,e){return e.only_at_hand&&!r.only_at_hand?r:{...r,commands:[...r.commands,...e.commands],next:e.next}}g("mqtt-dispatch-page-history",X);var Ds="https://github.com/mqtt-dispatch/mqtt_dispatch/blob/main/docs/node.md#flash-a-node",Ns=["panel_flash_install","panel_flash_take","panel_flash_fill","panel_flash_upload","panel_flash_add"];function Lt(r){return a`<section>
    <h2>${r.say("panel_first_node")}</h2>
    <p>${r.say("panel_first_node_text")}</p>
    <ol>
      ${Ns.map(e=>a`<li>${r.say(e)}</li>`)}
    </ol>
    <p>
      <a href=${Ds} target="_blank" rel="noreferrer">${r.say("panel_guide")}</a>
    </p>
  </section>`}var js=1.5,dt=class extends ${constructor(){super(...arguments);this.open=!1;this.seen=!1;this.told=new E(this,()=>Ge(this.hass,this.picture.station.device_id??""))}willUpdate(t){if(t.has("open")&&this.open&&(this.seen=!0),this.seen){let{station:s,nodes:i}=this.picture;this.told.follow(s.entry_id,JSON.stringify([this.hass.language,i]))}}render(){let{words:t}=this,{value:s}=this.told;return a`<details ?open=${this.open} @toggle=${this.toggled}>
      <summary>${t.say("panel_heard")}</summary>
      <div class="all">
        <p class="quiet">${t.say("panel_heard_text")}</p>
        ${this.problem(this.told)} ${s?this.all(s):c}
      </div>
    </details>`}toggled(t){this.seen||!t.target.open||(this.seen=!0,this.requestUpdate())}all(t){let{words:s}=this;return a`
      ${t.nodes.map(i=>this.node(i))}
      <div>
        <h3>${s.say("panel_listens")}</h3>
        <ul>
          ${t.topics.map(i=>a`<li><code>${i}</code></li>`)}
        </ul>
      </div>
      ${t.others.length?a`<div>
              <h3>${s.say("panel_others")}</h3>
              <ul>
                ${t.others.map(i=>this.message(i))}
              </ul>
            </div>`:c}
      <div>
        <button @click=${()=>{this.told.again()}}>${s.say("panel_look_again")}</button>
      </div>
    `}node({node:t,clock:s,messages:i}){let n=this.picture.nodes.find(o=>o.node===t);return a`<div>
      <h3>${n?.title??t}</h3>
      ${s===null?c:a`<p>${this.clock(s)}</p>`}
      ${i.length?c:a`<p>${this.words.say("panel_no_message")}</p>`}
      <ul>
        ${i.map(o=>this.message(o))}
      </ul>
    </div>`}clock(t){let{words:s}=this;if(Math.abs(t)<js)return s.say("panel_clock_right");let i=W(s,Math.abs(t));return s.say(t>0?"panel_clock_fast":"panel_clock_slow",{time:i})}message(t){let{words:s}=this,i=[H(this.hass,t.at,this.now),...t.retained?[s.say("panel_retained")]:[],...t.cut||t.payload===null?[s.say("panel_bytes",{size:t.size})]:[]];return a`<li>
      <code>${t.topic}</code>
      <span class="quiet">${i.join(" · ")}${t.why?a` · <code>${t.why}</code>`:c}</span>
      ${t.payload===null?a`<p>${s.say("panel_hidden")}</p>`:a`<pre>${t.payload}${t.cut?"…":""}</pre>`}
    </li>`}};dt.styles=[...$.styles,f`
      .all {
        display: grid;
        gap: 12px;
        padding-block-start: 8px;
      }
      li {
        padding-block: 6px;
      }
      /* What goes over the wire is read from left to right, whoever reads it. */
      code,
      pre {
        direction: ltr;
        unicode-bidi: isolate;
        overflow-wrap: anywhere;
      }
      pre {
        margin: 4px 0 0;
        padding: 8px;
        border-radius: 8px;
        background: var(--secondary-background-color);
        font-size: 0.875rem;
        text-align: left;
        white-space: pre-wrap;
      }
    `],p([h({attribute:!1})],dt.prototype,"picture",2),p([h({type:Boolean})],dt.prototype,"open",2);g("mqtt-dispatch-heard",dt);var Ws={here:"panel_here",awaited:"panel_awaited",gone:"panel_gone"},z=class extends b{constructor(){super(...arguments);this.now=0}render(){let{words:t,hass:s,now:i,node:n}=this,o=n.ready===null?"":t.state("binary_sensor.ready",n.ready?"on":"off");return a`
      ${n.device_id?a`<a href=${`/config/devices/device/${n.device_id}`} @click=${T}
              >${n.title}</a
            >`:a`<span>${n.title}</span>`}
      <span>${[t.say(Ws[n.presence]),o].filter(Boolean).join(" · ")}</span>
      ${n.why_in_words?a`<span class="quiet">${n.why_in_words}</span>`:c}
      ${n.model===null?c:a`<span class="quiet">${n.model}</span>`}
      ${n.not_provable.length?a`<span class="quiet"
            >${t.say("panel_not_provable",{what:n.not_provable.join(" ")})}</span
          >`:c}
      <span class="quiet"
        >${n.last_seen===null?t.say("panel_never_seen"):t.say("panel_last_seen",{time:H(s,n.last_seen,i)})}</span
      >
    `}};z.styles=[...$.styles,f`
      :host {
        display: grid;
        gap: 2px;
        padding-block: 8px;
        border-block-end: 1px solid var(--divider-color);
      }
    `],p([h({attribute:!1,hasChanged:()=>!1})],z.prototype,"hass",2),p([h({attribute:!1})],z.prototype,"words",2),p([h({attribute:!1,hasChanged:Is})],z.prototype,"node",2),p([h({type:Number})],z.prototype,"now",2);function Is(r,e){return r!==e&&JSON.stringify(r)!==JSON.stringify(e)}g("mqtt-dispatch-node-row",z);var os=900,ce=class extends ${render(){let{words:e}=this;return a`<div class="stack">
      ${S(this.pictures,({station:t})=>t.entry_id,t=>a`<mqtt-dispatch-nodes-station
          .hass=${this.hass} .words=${e} .picture=${t}
          .now=${Math.floor(this.now/os)*os}
        ></mqtt-dispatch-nodes-station>`)}
      ${Lt(e)}
    </div>`}},F=class extends b{constructor(){super(...arguments);this.now=0}render(){let{hass:t,words:s,picture:i,now:n}=this,{station:o,nodes:d}=i,l=d.every(({last_seen:u})=>u===null);return a`<section aria-labelledby="title">
      <h2 id="title">${o.title}</h2>
      <p class="quiet">${o.protocol_in_words}</p>
      ${d.length?c:a`<p>${s.say("panel_no_node")}</p>`}
      <div role="list">
        ${S(d,({node:u})=>u,u=>a`<mqtt-dispatch-node-row
            role="listitem" .hass=${t} .words=${s} .node=${u} .now=${n}
          ></mqtt-dispatch-node-row>`)}
      </div>
      ${l?this.guide():c}
      <mqtt-dispatch-heard
        .hass=${t} .words=${s} .picture=${i} .now=${n} .open=${l}
      ></mqtt-dispatch-heard>
    </section>`}guide(){let{words:t}=this;return a`<div class="box">
      <p>${t.say("panel_none_heard")}</p>
      <ol>
        ${["panel_do_connect","panel_do_look","panel_do_add"].map(s=>a`<li>${t.say(s)}</li>`)}
      </ol>
      <p>
        <a href="/config/integrations/integration/mqtt_dispatch" @click=${T}
          >${t.say("panel_open_integration")}</a
        >
      </p>
    </div>`}};F.styles=[...$.styles,f`
      /* What is far below is laid out when one comes to it. */
      :host {
        content-visibility: auto;
        contain-intrinsic-size: auto 500px;
      }
    `],p([h({attribute:!1,hasChanged:()=>!1})],F.prototype,"hass",2),p([h({attribute:!1})],F.prototype,"words",2),p([h({attribute:!1})],F.prototype,"picture",2),p([h({type:Number})],F.prototype,"now",2);g("mqtt-dispatch-nodes-station",F);g("mqtt-dispatch-page-nodes",ce);var tt=class extends w{render(){let{pause:e,plan_pause:t}=this.picture.station,{say:s}=this.words;return a`
      <div class="wrap">
        ${e||t?a`<button ?disabled=${this.held} @click=${this.resume}>
                ${s("card_resume")}
              </button>`:a`<button ?disabled=${this.held} @click=${()=>this.dialog.ask()}>
                ${s("card_pause")}
              </button>`}
      </div>
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      <mqtt-dispatch-confirm
        .heading=${s("card_pause")}
        .action=${s("card_pause")}
        .back=${s("card_back")}
        @confirmed=${this.pause}
      >
        <label
          >${s("card_pause_what")}
          <select id="what">
            <option value="station">${s("card_pause_station")}</option>
            <option value="plan">${s("card_pause_plan")}</option>
          </select></label
        >
        <label
          >${s("card_how_long")}
          <select id="long">
            <option value="01:00:00">${s("card_for_hour")}</option>
            <option value="24:00:00">${s("card_for_day")}</option>
            <option value="">${s("card_until_resumed")}</option>
          </select></label
        >
      </mqtt-dispatch-confirm>
    `}pause(){let e=this.long.value;this.order("pause",{what:this.what.value,...e?{for:e}:{}})}async resume(){let{pause:e,plan_pause:t}=this.picture.station;e&&!await this.order("resume",{what:"station"})||t&&await this.order("resume",{what:"plan"})}};tt.styles=[...w.styles,f`
      label {
        display: block;
        margin-top: 8px;
      }
      select {
        display: block;
        width: 100%;
        background: var(--card-background-color, #fff);
      }
    `],p([A("mqtt-dispatch-confirm")],tt.prototype,"dialog",2),p([A("#what")],tt.prototype,"what",2),p([A("#long")],tt.prototype,"long",2);g("mqtt-dispatch-pause",tt);var Dt=class extends w{render(){let e=Ne(this.picture),{more:t}=this.picture.commands;return a`
      <h3>${this.words.say("card_queue")}</h3>
      ${e.length?c:a`<p>${this.words.say("card_nothing_waits")}</p>`}
      <ul aria-live="polite">
        ${S(e,({id:s})=>s,s=>this.command(s))}
      </ul>
      ${t?a`<p class="quiet">
              ${this.words.say(t===1?"one_more":"more",{number:t})}
            </p>`:c}
      ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
    `}command(e){let t=e.waits_in_words!==null;return a`<li>
      <div class="row">
        <ha-icon .icon=${t?"mdi:clock-outline":"mdi:progress-clock"}></ha-icon>
        <span class="grow">${e.in_words}</span>
        ${e.may.includes("cancel")?a`<button
                ?disabled=${this.still}
                aria-label=${this.words.say("card_cancel",{command_id:e.id})}
                @click=${()=>this.order("cancel_command",{command_id:e.id})}
              >
                <ha-icon icon="mdi:close"></ha-icon>
              </button>`:c}
      </div>
      ${je(e).map(s=>a`<p class="quiet wait">${s}</p>`)}
    </li>`}};Dt.styles=[...w.styles,f`
      li {
        padding-block: 4px;
      }
      .wait {
        padding-inline-start: 28px;
      }
    `];g("mqtt-dispatch-queue",Dt);var Nt=class extends w{render(){let{station:e}=this.picture,{icon:t,tone:s}=Le(this.picture);return a`
      <div class="row">
        <ha-icon class=${s} .icon=${t}></ha-icon>
        <button class="grow line" @click=${this.more}>${this.line()}</button>
      </div>
      ${this.troubles().map(i=>a`<p class="quiet" role="alert">${i}</p>`)}
      ${this.unready()}
      ${e.last_fed===null?c:a`<p class="quiet">
              ${this.words.say("card_last_fed",{time:H(this.hass,e.last_fed,this.now)})}
              · ${this.words.say("card_portions_today",{number:e.portions_today})}
            </p>`}
    `}line(){let{status:e,ready:t}=this.picture.station,s=this.words.state("sensor.status",e);return t===null?s:`${this.words.state("binary_sensor.ready",t?"on":"off")} · ${s}`}troubles(){let{pause:e,plan_pause:t,storage_ok:s,overdue:i}=this.picture.station,n=[e,t].map(o=>o?.in_words??"");return[s?"":this.words.say("card_storage"),...n,...i].filter(Boolean)}unready(){let e=this.picture.nodes.map(t=>t.why_in_words).filter(t=>t);return e.length?a`<ul class="quiet">
      ${e.map(t=>a`<li>${t}</li>`)}
    </ul>`:c}more(){let{status:e}=this.picture.station.entities;e&&qe(this,e)}};Nt.styles=[...w.styles,f`
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
    `];g("mqtt-dispatch-status",Nt);var pe=class extends ${render(){return this.pictures.length?a`<div class="stack">
      ${S(this.pictures,e=>e.station.entry_id,e=>a`<mqtt-dispatch-now-station
          .hass=${this.hass} .words=${this.words} .picture=${e}
          .now=${Math.floor(this.now/60)*60} .still=${this.still}
        ></mqtt-dispatch-now-station>`)}
    </div>`:a`<div class="stack">
        <section><p>${this.words.say("panel_no_station")}</p></section>
        ${Lt(this.words)}
      </div>`}},N=class extends b{constructor(){super(...arguments);this.now=0;this.still=!1}render(){let{hass:t,words:s,picture:i,now:n,still:o}=this,{station:d,doubts:l,commands:u}=i;return a`<section aria-labelledby="title">
      <h2 id="title">${d.title}</h2>
      <mqtt-dispatch-status
        .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
      ></mqtt-dispatch-status>
      ${S(l,y=>y.command_id,y=>a`<mqtt-dispatch-doubt
          .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
          .doubt=${y}
        ></mqtt-dispatch-doubt>`)}
      ${u.open.length?a`<mqtt-dispatch-queue
              .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
            ></mqtt-dispatch-queue>`:c}
      <mqtt-dispatch-pause
        .hass=${t} .words=${s} .picture=${i} .now=${n} .still=${o}
      ></mqtt-dispatch-pause>
    </section>`}};N.styles=$.styles,p([h({attribute:!1,hasChanged:()=>!1})],N.prototype,"hass",2),p([h({attribute:!1})],N.prototype,"words",2),p([h({attribute:!1})],N.prototype,"picture",2),p([h({type:Number})],N.prototype,"now",2),p([h({type:Boolean})],N.prototype,"still",2);g("mqtt-dispatch-now-station",N);g("mqtt-dispatch-page-now",pe);var as=Ot(class extends rt{constructor(){super(...arguments),this.key=c}render(r,e){return this.key=r,e}update(r,[e,t]){return e!==this.key&&(Pt(r),this.key=e),t}});var R=class extends b{constructor(){super(...arguments);this.calendar="";this.held=!1;this.doing=!1;this.refusal=""}render(){let{words:t,hass:s,date:i}=this,n=this.held||this.doing,o=`${i.title}, ${$t(s,i.date)}`;return a`<details>
      <summary aria-label=${`${t.say("panel_move_date")}: ${o}`}>
        ${t.say("panel_move_date")}
      </summary>
      <form aria-label=${o} @submit=${this.move}>
        <div class="fields">
          <label
            >${t.say("panel_time")}
            <input name="time" type="time" required .value=${i.time} ?disabled=${n}
          /></label>
          <button ?disabled=${n}>${t.say("panel_move")}</button>
        </div>
        ${this.refusal?a`<p role="alert">${this.refusal}</p>`:c}
      </form>
    </details>`}async move(t){if(t.preventDefault(),this.doing)return;let s=String(new FormData(t.target).get("time"));this.doing=!0,this.refusal="";try{await Je(this.hass,this.calendar,this.date,s),this.details.open=!1,this.dispatchEvent(new CustomEvent("moved"))}catch(i){this.refusal=C(i)}finally{this.doing=!1}}};R.styles=[...$.styles,f`
      form {
        padding: 8px 0 0;
        border: 0;
      }
    `],p([h({attribute:!1})],R.prototype,"hass",2),p([h({attribute:!1})],R.prototype,"words",2),p([h({attribute:!1})],R.prototype,"date",2),p([h()],R.prototype,"calendar",2),p([h({type:Boolean})],R.prototype,"held",2),p([x()],R.prototype,"doing",2),p([x()],R.prototype,"refusal",2),p([A("details")],R.prototype,"details",2);g("mqtt-dispatch-move-date",R);var B=class extends D{constructor(){super(...arguments);this.doing=!1;this.told=new E(this,()=>Ve(this.hass,this.picture?.station.device_id??""))}first(){let{pictures:t}=this;return t.find(({meals:s})=>s.planned)??t.find(({feeding:s})=>s)??t[0]}get held(){return this.still||this.doing||!this.told.value?.may_control}willUpdate(t){super.willUpdate(t);let{picture:s}=this;if(!s){this.told.forget();return}let{station:i,meals:n}=s;this.told.follow(i.entry_id,JSON.stringify([i.plan_pause,this.hass.language,n]))}render(){let{words:t,picture:s,entry:i,refusal:n,removing:o}=this;return i?a`<div class="stack">
      <form @submit=${d=>d.preventDefault()}>${this.stationChoice()}</form>
      ${this.problem(this.told)}
      ${n?.entry===i?a`<section role="alert"><p>${n.why}</p></section>`:c}
      ${as(i,s?this.plan(s):this.absent(i))}
      <mqtt-dispatch-confirm
        risky
        .heading=${t.say("panel_remove")}
        .action=${t.say("panel_remove")}
        .back=${t.say("card_back")}
        @confirmed=${this.unschedule}
        ><p>${o?.meal.in_words}</p></mqtt-dispatch-confirm
      >
    </div>`:a`<section><p>${t.say("panel_no_station")}</p></section>`}plan(t){let{value:s}=this.told,{station:i,feeding:n}=t;return a`
      ${i.plan_pause?a`<section><p>${i.plan_pause.in_words}</p></section>`:c}
      ${s?a`${this.days(s,i)} ${this.meals(s,i)}`:c}
      ${s&&n?.whole_station?this.put(t):c}
    `}days(t,s){let i=new Map;for(let n of t.dates)i.set(n.date,[...i.get(n.date)??[],n]);return i.size?a`<div class="days">
      ${S(i,([n])=>n,([n,o])=>a`<section>
          <h2>${$t(this.hass,n)}</h2>
          <ul>
            ${S(o,({meal_id:d,date:l,node:u})=>JSON.stringify([d,l,u]),d=>this.date(d,s))}
          </ul>
        </section>`)}
    </div>`:a`<section><p>${this.words.say("card_no_next")}</p></section>`}date(t,s){let{words:i}=this,n=De(t.state,t.kind),o=ie(this.hass,t.at),{meals:d,plan:l}=s.entities,u=d??l,y={meal:t.title,clock:o};return a`<li>
      <div class="row">
        <ha-icon class=${n.tone} .icon=${n.icon}></ha-icon>
        <span class="grow"
          >${o} ${t.in_words}
          <span class="quiet"
            >${t.node?`${t.node} · `:""}${t.command_id?a`<a
                    href=${at(s.entry_id,t.command_id)}
                    @click=${T}
                    >${i.say(n.word)}</a
                  >`:i.say(n.word)}${t.why?a` · ${t.why}`:c}</span
          ></span
        >
        ${t.may.map(m=>a`<button
            ?disabled=${this.held}
            aria-label=${`${i.say(m==="skip"?"card_skip_short":"card_undo")}: ${i.say(`card_${m}`,y)}, ${$t(this.hass,t.date)}`}
            @click=${()=>this.change(s,`${m}_meal`,{meal_id:t.meal_id,date:t.date})}
          >
            ${i.say(m==="skip"?"card_skip_short":"card_undo")}
          </button>`)}
      </div>
      ${u&&t.may.includes("skip")?a`<mqtt-dispatch-move-date
              .hass=${this.hass} .words=${i} .date=${t} .calendar=${u} .held=${this.held}
              @moved=${()=>{this.told.again()}}
            ></mqtt-dispatch-move-date>`:c}
    </li>`}meals(t,s){let{words:i}=this;return t.meals.length?a`<section aria-labelledby="meals">
      <h2 id="meals">${i.say("panel_every_meal")}</h2>
      <ul>
        ${S(t.meals,n=>n.meal_id,n=>a`<li>
            <form aria-label=${n.in_words} @submit=${o=>this.move(o,s,n)}>
              <p>${n.in_words}</p>
              <div class="fields">
                ${n.time?a`<label
                          >${i.say("panel_time")}
                          <input name="time" type="time" required .value=${n.time.slice(0,5)} ?disabled=${this.held}
                        /></label>
                        <button ?disabled=${this.held}>${i.say("panel_move")}</button>`:c}
                <button
                  type="button"
                  ?disabled=${this.held}
                  @click=${()=>{this.removing={meal:n,station:s},this.dialog.ask()}}
                >
                  ${i.say("panel_remove")}
                </button>
              </div>
            </form>
          </li>`)}
      </ul>
    </section>`:c}put(t){let{words:s}=this,{minimum:i=1,maximum:n=50}=t.feeding??{};return a`<form
      aria-labelledby="put"
      @submit=${o=>{this.add(o,t.station)}}
    >
      <h2 id="put">${s.say("panel_put")}</h2>
      <div class="fields">
        <label>${s.say("panel_name")} <input name="name" maxlength="100" ?disabled=${this.held} /></label>
        <label
          >${s.say("panel_time")}
          <input name="time" type="time" required ?disabled=${this.held}
        /></label>
        <label
          >${s.say("panel_portions")}
          <input
            name="portions" type="number" required
            min=${i} max=${n} value=${i} ?disabled=${this.held}
        /></label>
        <button ?disabled=${this.held}>${s.say("panel_put_daily")}</button>
      </div>
    </form>`}move(t,s,i){t.preventDefault();let n=new FormData(t.target).get("time");this.change(s,"schedule",{meal_id:i.meal_id,time:n})}async add(t,s){t.preventDefault();let i=t.target,n=new FormData(i),o=String(n.get("name")??"").trim();await this.change(s,"schedule",{...o&&{name:o},time:n.get("time"),portions:Number(n.get("portions"))})&&i.reset()}unschedule(){if(!this.removing)return;let{meal:t,station:s}=this.removing;this.change(s,"unschedule",{meal_id:t.meal_id})}async change({entry_id:t,device_id:s},i,n){if(this.doing)return!1;this.doing=!0,this.refusal=void 0;try{return await st(this.hass,i,{device_id:s,...n}),this.told.again(),!0}catch(o){return this.refusal={entry:t,why:C(o)},!1}finally{this.doing=!1}}};B.styles=[...D.styles,f`
      .days {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: 16px;
      }
      li {
        padding-block: 4px;
      }
      .days section {
        align-content: start;
      }
      .days h2 {
        font-size: 1rem;
      }
      section form {
        padding: 0;
        border: 0;
      }
    `],p([x()],B.prototype,"refusal",2),p([x()],B.prototype,"doing",2),p([x()],B.prototype,"removing",2),p([A("mqtt-dispatch-confirm")],B.prototype,"dialog",2);g("mqtt-dispatch-page-plan",B);var zs={now:"panel_now",history:"panel_history",plan:"panel_plan",figures:"panel_figures",nodes:"panel_nodes"},M=class extends b{constructor(){super(...arguments);this.narrow=!1;this.outdated=!1;this.ahead=0;this.live=new Ct(this,()=>this.hass?Me("all",this.hass.language):void 0,(t,s)=>this.take(t,s));this.moved=()=>this.requestUpdate()}connectedCallback(){super.connectedCallback(),window.addEventListener("location-changed",this.moved),window.addEventListener("popstate",this.moved),this.ticking=setInterval(()=>document.hidden||this.requestUpdate(),6e4)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("location-changed",this.moved),window.removeEventListener("popstate",this.moved),clearInterval(this.ticking)}shouldUpdate(t){if(t.size!==1||!t.has("hass"))return!0;let s=t.get("hass"),{hass:i}=this;return s?.language!==i?.language||s?.locale!==i?.locale||s?.connection!==i?.connection||s?.config!==i?.config}willUpdate(t){if(!t.has("hass")||!this.hass)return;this.live.hass=this.hass;let s=t.get("hass");s?.language!==this.hass.language&&(s&&this.live.restart(),this.speak(this.hass))}render(){let{hass:t,words:s}=this;if(!t||!s)return c;let i=le(this.route?.path??""),n=i.page==="command"?"history":i.page;return a`
      <header>
        <div class="bar">${this.menu(t)}<h1>MQTT Dispatch</h1></div>
        <nav aria-label="MQTT Dispatch">
          ${ae.map(o=>a`<a
              href=${ot(o)}
              aria-current=${o===n?"page":c}
              @click=${T}
              >${s.say(zs[o])}</a
            >`)}
        </nav>
      </header>
      <main>
        ${this.notes(s)}
        ${this.seen?a`<div class=${this.live.error?"old":""}>${this.page(t,s)}</div>`:c}
      </main>
    `}menu(t){return customElements.get("ha-menu-button")?a`<ha-menu-button .hass=${t} .narrow=${this.narrow}></ha-menu-button>`:a`<button class="menu" aria-label="Menu" @click=${()=>te(this,"hass-toggle-menu")}>
      <ha-icon icon="mdi:menu"></ha-icon>
    </button>`}notes(t){let{error:s}=this.live,i=[];if(s){let n=this.hass?.config.state,o=n!==void 0&&n!=="RUNNING",d=s.message??String(s.code??"");i.push(t.say(o?"card_starting":"card_not_shown",{reason:d}))}this.outdated&&i.push(t.say("card_updated"));for(let{title:n}of this.unloaded())i.push(t.say("card_not_loaded",{station:n}));return i.map(n=>a`<p class="note" role="alert">${n}</p>`)}page(t,s){let i=le(this.route?.path??""),n=this.pictures(),o=this.unloaded(),d=Date.now()/1e3+this.ahead,l=!!this.live.error;switch(i.page){case"now":return a`<mqtt-dispatch-page-now
          .hass=${t} .words=${s} .pictures=${n} .now=${d} .still=${l}
        ></mqtt-dispatch-page-now>`;case"history":return a`<mqtt-dispatch-page-history
          .hass=${t} .words=${s} .pictures=${n} .now=${d} .still=${l}
          .unloaded=${o}
          .filters=${ss(location.search)}
        ></mqtt-dispatch-page-history>`;case"plan":return a`<mqtt-dispatch-page-plan
          .hass=${t} .words=${s} .pictures=${n} .now=${d} .still=${l}
          .unloaded=${o}
        ></mqtt-dispatch-page-plan>`;case"figures":return a`<mqtt-dispatch-page-figures
          .hass=${t} .words=${s} .pictures=${n} .now=${d} .still=${l}
          .unloaded=${o}
        ></mqtt-dispatch-page-figures>`;case"nodes":return a`<mqtt-dispatch-page-nodes
          .hass=${t} .words=${s} .pictures=${n} .now=${d} .still=${l}
        ></mqtt-dispatch-page-nodes>`;case"command":return a`<mqtt-dispatch-page-command
          .hass=${t} .words=${s} .pictures=${n} .now=${d} .still=${l}
          .unloaded=${o}
          .entry=${i.entry} .command=${i.id}
        ></mqtt-dispatch-page-command>`}}pictures(){return[...this.seen?.values()??[]].filter(Xt).sort((t,s)=>t.station.title.localeCompare(s.station.title))}unloaded(){return[...this.seen?.values()??[]].flatMap(t=>Qt(t)||Xt(t)?[]:[t.station])}take(t,s){this.ahead=t.now-Date.now()/1e3,this.outdated=t.version!=="0.1.0";let i=new Map(s?[]:this.seen);for(let n of t.pictures)Qt(n)?i.delete(n.gone):i.set(n.station.entry_id,n);this.seen=i}async speak(t){try{this.words=await Oe(t)}catch{setTimeout(()=>this.isConnected&&this.hass&&void this.speak(this.hass),2e3)}}};M.styles=[j,f`
      :host {
        min-height: 100vh;
        background: var(--primary-background-color);
      }
      header {
        position: sticky;
        top: 0;
        z-index: 2;
        border-block-end: 1px solid var(--divider-color);
        /* White on the theme's own colour is too faint to read. */
        background: var(--card-background-color);
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
    `],p([h({attribute:!1})],M.prototype,"hass",2),p([h({type:Boolean,reflect:!0})],M.prototype,"narrow",2),p([h({attribute:!1})],M.prototype,"route",2),p([x()],M.prototype,"words",2),p([x()],M.prototype,"outdated",2),p([x()],M.prototype,"seen",2);g("mqtt-dispatch-panel",M);
