FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/JitAccess.Web -c Release --use-current-runtime --self-contained false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Recordings, if they are kept in a folder; a volume mounted here takes the owner over.
RUN mkdir -p /var/lib/jitaccess && chown $APP_UID /var/lib/jitaccess
# The image's own unprivileged user.
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
ENTRYPOINT ["dotnet", "JitAccess.Web.dll"]
