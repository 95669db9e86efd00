-- Whom a column belongs to decides what a policy lets through.
CREATE TABLE member (tenant uuid, person uuid); CREATE TABLE doc (id uuid, tenant uuid, person uuid);
-- setup
CREATE POLICY p ON doc USING (tenant = current_setting('app.tenant')::uuid);
-- =
CREATE POLICY p ON public.doc USING ((tenant = (current_setting('app.tenant'::text))::uuid));
-- <>
CREATE POLICY p ON doc USING (tenant::text = current_setting('app.tenant'));
-- <>
CREATE POLICY p ON doc USING (EXISTS (SELECT 1 FROM member m WHERE m.tenant = doc.tenant));
-- =
CREATE POLICY p ON doc USING ((EXISTS ( SELECT 1 FROM public.member m WHERE (m.tenant = doc.tenant))));
-- =
CREATE POLICY p ON doc USING (EXISTS (SELECT 1 FROM member WHERE member.tenant = doc.tenant));
-- <>
CREATE POLICY p ON doc USING (EXISTS (SELECT 1 FROM member m WHERE m.tenant = tenant));
-- =
CREATE POLICY p ON doc USING (EXISTS (SELECT 1 FROM member m WHERE m.tenant = m.tenant));
-- <>
CREATE POLICY p ON doc USING (tenant IN (SELECT tenant FROM member));
-- =
CREATE POLICY p ON doc USING (tenant = ANY (SELECT m.tenant FROM member m));
