; The Windows installer: for one person or for all, silent with /S, with file types and an uninstaller.
; makensis -DVERSION=… -DSOURCE=… (the frozen folder) -DOUTFILE=… -DBYTES=… installer.nsi; see packaging/windows.py.
; Silent options: /S, /AllUsers or /CurrentUser, /D=folder (last, without quotes).

Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
!define PRODUCT "OASIS Studio"
!define KEY "OASISStudio"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${KEY}"

!define MULTIUSER_EXECUTIONLEVEL Highest
!define MULTIUSER_MUI
!define MULTIUSER_INSTALLMODE_COMMANDLINE
!define MULTIUSER_INSTALLMODE_DEFAULT_CURRENTUSER
!define MULTIUSER_USE_PROGRAMFILES64
!define MULTIUSER_INSTALLMODE_INSTDIR "${PRODUCT}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_KEY "${UNINSTALL_KEY}"
!define MULTIUSER_INSTALLMODE_INSTDIR_REGISTRY_VALUENAME "InstallLocation"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_KEY "${UNINSTALL_KEY}"
!define MULTIUSER_INSTALLMODE_DEFAULT_REGISTRY_VALUENAME "InstallMode"
!include MultiUser.nsh
!include MUI2.nsh
!include LogicLib.nsh
!include x64.nsh
!include FileFunc.nsh

Name "${PRODUCT} ${VERSION}"
OutFile "${OUTFILE}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${PRODUCT}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "${PRODUCT}"
VIAddVersionKey LegalCopyright "MIT licence"

!ifdef ICON
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!endif
!define MUI_ABORTWARNING
!insertmacro MUI_PAGE_WELCOME
!insertmacro MULTIUSER_PAGE_INSTALLMODE
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN "$INSTDIR\oasis-studio-window.exe"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Korean"

LangString TEXT_64_BIT ${LANG_ENGLISH} "${PRODUCT} needs a 64-bit Windows."
LangString TEXT_64_BIT ${LANG_KOREAN} "${PRODUCT}에는 64비트 Windows가 필요합니다."
LangString TEXT_RUNNING ${LANG_ENGLISH} "${PRODUCT} is running. Close it, then go on."
LangString TEXT_RUNNING ${LANG_KOREAN} "${PRODUCT}이(가) 실행 중입니다. 닫은 뒤 계속하세요."
LangString TEXT_SPACE ${LANG_ENGLISH} "There is not enough space for ${PRODUCT} on this drive."
LangString TEXT_SPACE ${LANG_KOREAN} "이 드라이브에 ${PRODUCT}을(를) 설치할 공간이 부족합니다."
LangString TEXT_DRAWING ${LANG_ENGLISH} "OASIS Studio drawing"
LangString TEXT_DRAWING ${LANG_KOREAN} "OASIS Studio 그림"
LangString TEXT_MODEL ${LANG_ENGLISH} "OASIS Studio model"
LangString TEXT_MODEL ${LANG_KOREAN} "OASIS Studio 모델"

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "$(TEXT_64_BIT)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  StrCpy $0 $INSTDIR ; what /D= says; the next line puts the mode's own folder there
  !insertmacro MULTIUSER_INIT
  ${If} $0 != ""
    StrCpy $INSTDIR $0
  ${EndIf}
FunctionEnd

Function un.onInit
  !insertmacro MULTIUSER_UNINIT
FunctionEnd

!macro FILE_TYPE EXTENSION ID TEXT
  WriteRegStr SHCTX "Software\Classes\${EXTENSION}" "" "${ID}"
  WriteRegStr SHCTX "Software\Classes\${ID}" "" "${TEXT}"
  WriteRegStr SHCTX "Software\Classes\${ID}\DefaultIcon" "" "$INSTDIR\oasis-studio-window.exe,0"
  WriteRegStr SHCTX "Software\Classes\${ID}\shell\open\command" "" '"$INSTDIR\oasis-studio-window.exe" "%1"'
!macroend

!macro NO_FILE_TYPE EXTENSION ID
  DeleteRegKey SHCTX "Software\Classes\${ID}"
  ReadRegStr $0 SHCTX "Software\Classes\${EXTENSION}" ""
  ${If} $0 == "${ID}"
    DeleteRegKey SHCTX "Software\Classes\${EXTENSION}"
  ${EndIf}
!macroend

!macro REFUSE_WHILE_RUNNING
  ; a program that runs holds its file: it cannot be opened for writing
  ${If} ${FileExists} "$INSTDIR\oasis-studio-window.exe"
    ClearErrors
    FileOpen $0 "$INSTDIR\oasis-studio-window.exe" a
    ${If} ${Errors}
      MessageBox MB_ICONEXCLAMATION "$(TEXT_RUNNING)" /SD IDOK
      SetErrorLevel 3
      Abort
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend

Section
  !insertmacro REFUSE_WHILE_RUNNING
  ${GetRoot} "$INSTDIR" $0
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  IntOp $2 ${BYTES} / 1048576
  ${If} $1 > 0
  ${AndIf} $1 < $2
    MessageBox MB_ICONSTOP "$(TEXT_SPACE)" /SD IDOK
    SetErrorLevel 4
    Abort
  ${EndIf}
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal" ; an older version's files
  File /r "${SOURCE}/*.*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\${PRODUCT}.lnk" "$INSTDIR\oasis-studio-window.exe"
  !insertmacro FILE_TYPE ".oasis" "OASISStudio.Drawing" "$(TEXT_DRAWING)"
  !insertmacro FILE_TYPE ".oasismodel" "OASISStudio.Model" "$(TEXT_MODEL)"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\oasis-studio-window.exe"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallMode" "$MultiUser.InstallMode"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /$MultiUser.InstallMode /S'
  IntOp $2 ${BYTES} / 1024
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" $2
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

Section "Uninstall"
  !insertmacro REFUSE_WHILE_RUNNING
  !insertmacro NO_FILE_TYPE ".oasis" "OASISStudio.Drawing"
  !insertmacro NO_FILE_TYPE ".oasismodel" "OASISStudio.Model"
  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\oasis-studio.exe"
  Delete "$INSTDIR\oasis-studio-window.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR" ; only if nothing of the person's is in it
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
SectionEnd
