import { Account, account, openBank } from './src/account.fixture.js';
import { mkdtempSync } from 'node:fs';
import { startPostgres } from '@millrace/testing';
const pct=(a:number[],p:number)=>a.toSorted((x,y)=>x-y)[Math.floor(a.length*p)]!.toFixed(3);
const run=async(label:string,opts:object)=>{
  let got=0; let on:()=>void=()=>{};
  const bank=await openBank(opts,()=>{got=performance.now();on();return Promise.resolve();});
  const lat:number[]=[],tx:number[]=[];
  for(let i=0;i<1000;i++){
    const p=new Promise<void>(r=>on=r);
    const t0=performance.now();
    await bank.transactions.run(async em=>{ await em.insert(Account,account(`${label}${i}`)); await bank.outbox.add(em,{subject:'s',messageId:String(i),body:{i}});});
    const t=performance.now(); tx.push(t-t0); await p; lat.push(got-t);
    if(process.env.GAP) await new Promise(r=>setTimeout(r,5));
  }
  console.log(label,'commit→publish p50',pct(lat,.5),'p99',pct(lat,.99),'tx p50',pct(tx,.5),'p99',pct(tx,.99));
  const t=performance.now(); await Promise.all(Array.from({length:2000},(_,i)=>bank.transactions.run(async em=>{await em.insert(Account,account(`${label}c${i}`));})));
  console.log(label,'2000 concurrent tx', (2000/(performance.now()-t)*1000).toFixed(0),'/s');
  const t2=performance.now(); for(let i=0;i<2000;i++) await bank.accounts.findOneBy({name:`${label}${i%1000}`}); console.log(label,'findOne us',((performance.now()-t2)/2).toFixed(0));
  const q=bank.dataSource.createQueryRunner('slave'); const t3=performance.now(); for(let i=0;i<2000;i++) await q.query('SELECT 1'); console.log(label,'raw us',((performance.now()-t3)/2).toFixed(0));await q.release();
  await bank.app.close();
};
const dir=mkdtempSync(process.env.D??'/tmp/m-'); await run('sqlite',{dataDir:dir});
await using pg=await startPostgres(); await run('pg',{dataDir:dir,databaseUrl:pg!.url});
